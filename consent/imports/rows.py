"""One row of a file as what somebody said: cells cleaned, times and addresses read, faults without their words."""

import ipaddress
from collections.abc import Mapping as Table
from functools import lru_cache
from typing import NamedTuple

from consent.imports.cells import Cells
from consent.imports.mapping import FIELDS, Mapping
from consent.imports.rules import NOES, Fault
from consent.imports.times import When
from consent.ledger.bodies import CHANNELS
from consent.preferences.models import EVERY_PROGRAM
from consent.subjects.addresses import Address, BadAddress, Kind, canonical

LONGEST = {"method": 64, "ip_absent_reason": 200, "person": 200, "proof_note": 1000, "entered_by": 200, "program": 64}
LONGEST_WORDING, LONGEST_LANGUAGE = 4000, 16

_NO_TIME = Fault("no-time", "occurred_at", "The row does not say when the person acted.")


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
        self._mapping = mapping
        self._cells = Cells(mapping, places, width, FIELDS, LONGEST)

    def row(self, number: int, cells: list[str]) -> Row | None:
        """What these cells say; None for an empty line."""
        if not any(cells):
            return None
        faults = self._cells.faults(cells)
        state = self._cells.get(cells, "state") or ""
        if state not in self._mapping.only:
            expected = ", ".join(self._mapping.only)
            faults.append(
                Fault("unknown-state", "state", f"The state is none of: {expected}. Translate it under values.state.")
            )
        wording, language = self._wording(cells, faults)
        program = self._cells.bounded(cells, "program", faults) or ""
        return Row(
            number,
            cells,
            self._address(self._cells.get(cells, "channel") or "", self._cells.get(cells, "address") or "", faults),
            state,
            # A no that names no program means everything on its channel.
            program or (EVERY_PROGRAM if state in NOES else ""),
            self._cells.when(cells, "occurred_at", _NO_TIME, faults),
            self._cells.bounded(cells, "method", faults),
            wording,
            language,
            self._ip(cells, faults),
            self._cells.bounded(cells, "ip_absent_reason", faults),
            self._cells.bounded(cells, "person", faults),
            self._cells.get(cells, "sender"),
            self._cells.bounded(cells, "proof_note", faults),
            self._cells.bounded(cells, "entered_by", faults),
            tuple(faults),
        )

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

    def _wording(self, cells: list[str], faults: list[Fault]) -> tuple[str | None, str | None]:
        name = self._cells.get(cells, "wording")
        if name is not None:
            found = self._mapping.wordings.get(name)
            if found is None:
                faults.append(
                    Fault("unknown-wording", "wording", "The mapping has no wording of this name under wordings.")
                )
                return None, None
            return found
        text, language = self._cells.get(cells, "wording_text"), self._cells.get(cells, "wording_language")
        if (text and len(text) > LONGEST_WORDING) or (language and len(language) > LONGEST_LANGUAGE):
            faults.append(Fault("too-long", "wording", f"A wording has at most {LONGEST_WORDING} characters."))
            return None, None
        return text, language

    def _ip(self, cells: list[str], faults: list[Fault]) -> str | None:
        text = self._cells.get(cells, "ip")
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
