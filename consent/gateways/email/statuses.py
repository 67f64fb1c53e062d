"""What a mail server's numbers say: is the address at fault, for good? Pure."""

import re

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])", re.ASCII)

# RFC 3463 and the IANA registry of enhanced status codes: what speaks of the recipient's address, and says that it will
# never work. Full mailboxes, spam filters, sizes and broken servers are other things.
_OF_ADDRESS = frozenset(
    {
        (0, 0),  # no more is said
        (1, 0),  # something about the address
        (1, 1),  # no such mailbox
        (1, 2),  # no such domain
        (1, 3),  # not a valid address there
        (1, 6),  # moved away, nothing is forwarded
        (1, 10),  # the domain takes no mail (RFC 7505)
        (2, 0),  # something about the mailbox
        (2, 1),  # the mailbox is closed
        (4, 4),  # no way to the domain
    }
)


def enhanced(text: str) -> str | None:
    """The first enhanced status in a server's words, such as 5.1.1."""
    found = _ENHANCED.search(text[:500])
    return found.group() if found else None


def is_dead_address(status: str) -> bool:
    """Does this enhanced status say that nothing will ever arrive at the address?"""
    found = _ENHANCED.fullmatch(status)
    return found is not None and found.group(1) == "5" and (int(found.group(2)), int(found.group(3))) in _OF_ADDRESS
