"""One row of a file as what somebody said: cells cleaned, times and addresses read, faults without their words."""

import ipaddress
import unicodedata
from collections.abc import Mapping as Table
from functools import lru_cache
from typing import NamedTuple

from consent.imports import times
from consent.imports.mapping import FIELDS, Mapping
from consent.imports.rules import NOES, Fault
from consent.imports.times import When
from consent.ledger.bodies import CHANNELS
from consent.preferences.models import EVERY_PROGRAM
from consent.subjects.addresses import Address, BadAddress, Kind, canonical

LONGEST = {"method": 64, "ip_absent_reason": 200, "person": 200, "proof_note": 1000, "entered_by": 200, "program": 64}
LONGEST_WORDING, LONGEST_LANGUAGE = 4000, 16

_TIME_FAULTS = {
    "unreadable-time": "The time cannot be read; write it as 2026-05-03T09:30:00-07:00, or name its form in the"
    " mapping under date_formats.",
    "no-zone": "The time has no offset; name the zone it is meant in, in the mapping or in a column.",
}
_NO_TIME = Fault("no-time", "occurred_at", "The row does not say when the person acted.")
_WIDTH = Fault("cells", "row", "The row has more or fewer cells than the heading; one may hold an unquoted delimiter.")


class Row(NamedTuple):
    """What a row says; fields that could not be used are None and have a fault."""

    number: int
    cells: list[str]
    address: Address | None
    state: str
    program: str
    when: When | None
    method: str | None
    wording_text: str | None
    wording_language: str | None
    ip: str | None
    ip_absent_reason: str | None
    person: str | None
    sender: str | None
    proof_note: str | None
    entered_by: str | None
    faults: tuple[Fault, ...]


class Reader:
    """Rows by one mapping; `places` says where each field stands."""

    def __init__(self, mapping: Mapping, places: Table[str, int], width: int) -> None:
        self._mapping, self._width = mapping, width
        # Where the field stands (-1: nowhere), what stands for an empty cell, what its words mean.
        self._plans = {
            field: (places.get(field, -1), mapping.constants.get(field, ""), mapping.values.get(field))
            for field in FIELDS
            if field in places or field in mapping.constants
        }

    def row(self, number: int, cells: list[str]) -> Row | None:
        """What these cells say; None for an empty line."""
        if not any(cells):
            return None
        faults: list[Fault] = []
        if len(cells) != self._width:
            faults.append(_WIDTH)
        state = self._get(cells, "state") or ""
        if state not in self._mapping.only:
            expected = ", ".join(self._mapping.only)
            faults.append(
                Fault("unknown-state", "state", f"The state is none of: {expected}. Translate it under values.state.")
            )
        wording, language = self._wording(cells, faults)
        program = self._bounded(cells, "program", faults) or ""
        return Row(
            number,
            cells,
            self._address(self._get(cells, "channel") or "", self._get(cells, "address") or "", faults),
            state,
            # A no that names no program means everything on its channel.
            program or (EVERY_PROGRAM if state in NOES else ""),
            self._when(self._get(cells, "occurred_at"), self._get(cells, "zone"), faults),
            self._bounded(cells, "method", faults),
            wording,
            language,
            self._ip(cells, faults),
            self._bounded(cells, "ip_absent_reason", faults),
            self._bounded(cells, "person", faults),
            self._get(cells, "sender"),
            self._bounded(cells, "proof_note", faults),
            self._bounded(cells, "entered_by", faults),
            tuple(faults),
        )

    def _get(self, cells: list[str], field: str) -> str | None:
        plan = self._plans.get(field)
        if plan is None:
            return None
        place, constant, table = plan
        text = cells[place].strip() if 0 <= place < len(cells) else ""
        if not text:
            text = constant
        if table:
            text = table.get(text.casefold(), text)
        if text.isascii():
            return text or None
        return unicodedata.normalize("NFC", text)

    def _address(self, channel: str, text: str, faults: list[Fault]) -> Address | None:
        if channel not in CHANNELS or channel == "none":
            faults.append(Fault("unknown-channel", "channel", "The channel is none that is known; give sms or email."))
            return None
        try:
            address = canonical(channel, text, self._mapping.region)
        except BadAddress as error:
            faults.append(Fault("bad-address", "address", error.detail))
            return None
        if address.kind in (Kind.SHORT_CODE, Kind.SENDER_NAME):
            faults.append(Fault("bad-address", "address", "A person has a whole telephone number, with country code."))
            return None
        return address

    def _when(self, text: str | None, zone: str | None, faults: list[Fault]) -> When | None:
        if text is None:
            faults.append(_NO_TIME)
            return None
        try:
            return times.read(text, zone or self._mapping.zone, self._mapping.date_formats)
        except times.NoTime as error:
            code = str(error)
            faults.append(Fault(code, "occurred_at", _TIME_FAULTS[code]))
            return None

    def _wording(self, cells: list[str], faults: list[Fault]) -> tuple[str | None, str | None]:
        name = self._get(cells, "wording")
        if name is not None:
            found = self._mapping.wordings.get(name)
            if found is None:
                faults.append(
                    Fault("unknown-wording", "wording", "The mapping has no wording of this name under wordings.")
                )
                return None, None
            return found
        text, language = self._get(cells, "wording_text"), self._get(cells, "wording_language")
        if (text and len(text) > LONGEST_WORDING) or (language and len(language) > LONGEST_LANGUAGE):
            faults.append(Fault("too-long", "wording", f"A wording has at most {LONGEST_WORDING} characters."))
            return None, None
        return text, language

    def _bounded(self, cells: list[str], field: str, faults: list[Fault]) -> str | None:
        text = self._get(cells, field)
        if text is not None and (len(text) > LONGEST[field] or not text.isprintable()):
            faults.append(
                Fault("too-long", field, f"This is one line of at most {LONGEST[field]} characters, all printable.")
            )
            return None
        return text

    def _ip(self, cells: list[str], faults: list[Fault]) -> str | None:
        text = self._get(cells, "ip")
        if text is None:
            return None
        try:
            return _ip_address(text)
        except ValueError:
            faults.append(Fault("bad-ip", "ip", "This is no IPv4 or IPv6 address."))
            return None


@lru_cache(maxsize=4096)
def _ip_address(text: str) -> str:
    return str(ipaddress.ip_address(text))
