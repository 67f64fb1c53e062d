"""A form that came too late for its factor waits for it, with all of it that a page may hold.

A file and a secret are in no page: when the factor was shown, the form says which of them must be chosen or typed
again, and still holds the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request

from consent.staff import rules

ONWARD = "onward"  # where a form goes that waited for the factor
FILE_AGAIN, SECRET_AGAIN = "file-again", "secret-again"  # names of fields that could not wait
# Fields of the page that asks for the factor; a form that has one of the last three itself cannot wait there.
ITS_OWN = frozenset({"csrf", "code", "credential", "then", ONWARD, FILE_AGAIN, SECRET_AGAIN})
_AMBIGUOUS = ITS_OWN - {"csrf", "code", "credential"}
# What no page shows: passwords, a code and what a passkey answered.
SECRETS = frozenset({"now", "password", "again", "code", "credential"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: each value with its field, in their order; where it goes; and which fields could not wait."""

    kept: tuple[tuple[str, str], ...] = ()
    onward: str = ""
    files: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.onward)

    @property
    def is_whole(self) -> bool:
        """Can it go on as it is?"""
        return not self.files and not self.secrets

    def hidden(self) -> Iterator[tuple[str, str]]:
        """The fields of the page that asks for the factor by which all of it comes back."""
        yield from self.kept
        if self.onward:
            yield ONWARD, self.onward
        yield from ((FILE_AGAIN, name) for name in self.files)
        yield from ((SECRET_AGAIN, name) for name in self.secrets)


NOTHING = Waiting()


def came_late() -> Waiting | None:
    """The form of this request, on its way to where it was sent; None where its fields would not be told from ours."""
    sent = request.form
    if sent.keys() & _AMBIGUOUS:
        return None
    onward = rules.own_path(request.full_path.rstrip("?"))
    files = tuple(name for name, file in request.files.items() if file.filename)
    return Waiting(_pairs(), onward, files, tuple(name for name in sent if name in SECRETS))


def came_back() -> Waiting:
    """What waited, as it came back with the factor; nothing where no form waits."""
    sent = request.form
    onward = rules.own_path(sent[ONWARD]) if sent.get(ONWARD) else ""
    secrets = tuple(name for name in sent.getlist(SECRET_AGAIN) if name in SECRETS)
    return Waiting(_pairs(), onward, tuple(sent.getlist(FILE_AGAIN)), secrets)


def may_come_twice() -> frozenset[str]:
    """The fields of the form that waits, each of which may hold several values: its own door says which do."""
    return frozenset(request.form.keys() - ITS_OWN) | {FILE_AGAIN, SECRET_AGAIN}


def _pairs() -> tuple[tuple[str, str], ...]:
    fields = ((name, values) for name, values in request.form.lists() if name not in ITS_OWN | SECRETS)
    return tuple((name, value) for name, values in fields for value in values)
