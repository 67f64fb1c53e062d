"""How code marks an English message that a page will show in the reader's language."""


def N_(message: str) -> str:
    """The message itself; the page translates it."""
    return message


class Said(str):
    """A text that stands in the language of the page already."""

    __slots__ = ()
