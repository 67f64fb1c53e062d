"""Free text on its way in: what the organization keeps out of it is blotted out before anything is stored, or refused.

It stands before the doors, so that no capability has to think of it. Only what people write in their own words is
looked at: never an address, a code, a token or an id.
"""

from typing import Any
from uuid import UUID

from flask import request
from werkzeug.datastructures import ImmutableMultiDict

from consent import clock
from consent.errors import BadInput, ConsentError, NotFound
from consent.policies.answers.forbidden import PEOPLE, STAFF, SYSTEMS
from consent.policies.frames import Frames
from consent.policies.governing import Governing
from consent.policies.rulebook import Rulebook
from consent.web import api, principal
from consent.web.bodies import READ, encode, is_json, parse, read_bytes
from consent.web.messages import N_

# Members of a body that hold what somebody wrote: what the person said, and what is noted about it.
PEOPLES = frozenset({"words", "message", "comment"})
OURS = frozenset({"note", "reason", "proof_note", "description", "details"})
# Fields of our forms in which nobody writes freely. The digits of a mark or a digest are nobody's card.
_NEVER = frozenset(
    {"csrf", "address", "email", "phone", "number", "code", "token", "password", "id", "request", "then", "channel"}
    | {"act", "undoes", "scope", "shown", "was"}
)
WRONG = {
    "card": N_("This holds a whole card number, which is kept nowhere here. Leave it out; the last four digits do."),
    "cvv": N_("This holds the security code of a card, which nobody may keep. Leave it out."),
    "bank_account": N_("This holds a bank account number, which is kept nowhere here. Leave it out."),
    "url": N_("This holds a whole web address, which is kept nowhere here. Name the domain alone."),
    "message": N_("This field holds what people wrote to each other, which is kept nowhere here. Leave it out."),
}


class FreeText:
    """The same for all doors of one house."""

    def __init__(self, governing: Governing, frames: Frames) -> None:
        self._governing, self._frames = governing, frames

    def of_systems(self) -> None:
        """Before a door of the API, behind its guard: the body holds nothing that is kept out."""
        if request.method not in ("POST", "PUT", "PATCH") or not is_json(request.environ.get("CONTENT_TYPE", "")):
            return
        raw = read_bytes(request, api.body_limit())
        if not any(f'"{name}"'.encode() in raw for name in (*PEOPLES, *OURS)):
            return
        try:
            body = parse(raw)
        except ConsentError:
            return  # the door says what is wrong with it
        rulebook = self._rulebook(principal.current().organization_id)
        if rulebook is not None and (cleaned := _walk(rulebook, body, "")) != body:
            request.environ[READ] = encode(cleaned)
            request.environ["CONTENT_LENGTH"] = str(len(request.environ[READ]))

    def of_people(self) -> None:
        """Before a page of an organization: what a person typed holds nothing that is kept out."""
        slug = (request.view_args or {}).get("organization")
        if request.method != "POST" or not slug:
            return
        known = self._frames.known(slug, clock.now())
        if known is not None:
            self._form(known.tenant.id, PEOPLE)

    def of_staff(self, organization_id: UUID) -> None:
        """Before a page of staff, once it is known who sits there."""
        self._form(organization_id, STAFF)

    def _form(self, organization_id: UUID, origin: str) -> None:
        rulebook = self._rulebook(organization_id)
        if rulebook is None:
            return
        said = list(request.form.items(multi=True))
        cleaned = [
            (name, value if name in _NEVER else _clean(rulebook, value, origin, name, name)) for name, value in said
        ]
        if cleaned != said:
            request.form = ImmutableMultiDict(cleaned)

    def _rulebook(self, organization_id: UUID) -> Rulebook | None:
        try:
            return self._governing.now(organization_id, clock.now()).rulebook
        except NotFound:  # nothing is published yet, so nothing is promised
            return None


def _walk(rulebook: Rulebook, value: Any, path: str) -> Any:
    if isinstance(value, list):
        return [_walk(rulebook, one, f"{path}{place}.") for place, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    return {name: _member(rulebook, name, one, path) for name, one in value.items()}


def _member(rulebook: Rulebook, name: str, value: Any, path: str) -> Any:
    if not isinstance(value, str):
        return _walk(rulebook, value, f"{path}{name}.")
    if name not in PEOPLES and name not in OURS:
        return value
    return _clean(rulebook, value, PEOPLE if name in PEOPLES else SYSTEMS, name, f"{path}{name}")


def _clean(rulebook: Rulebook, text: str, origin: str, name: str, path: str) -> str:
    """The text that may be kept; BadInput names the field and what to do, never what stood there."""
    cleaned = rulebook.forbidden.clean(text, origin, name)
    if cleaned.kinds and rulebook.organization.free_text.refuses(origin):
        raise BadInput(WRONG[cleaned.kinds[0]], field=path)
    return cleaned.text
