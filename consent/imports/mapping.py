"""How the columns of a file become the fields of a consent or a record: read strictly, faults have a place."""

import codecs
import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from consent.deadlines import zones
from consent.errors import BadInput
from consent.imports.formats import FORMATS, GENERIC, RECORD_FIELDS, RECORDS

FIELDS = (
    "address",
    "channel",
    "program",
    "state",
    "occurred_at",
    "zone",
    "method",
    "wording",
    "wording_text",
    "wording_language",
    "ip",
    "ip_absent_reason",
    "person",
    "sender",
    "proof_note",
    "entered_by",
)
STATES = ("given", "refused", "withdrawn")
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "iso-8859-1", "utf-16")
UNIX = "unix"  # a date format: whole seconds since 1970
LARGEST = 64 * 1024  # bytes of a mapping
_KEYS = frozenset(
    {
        "format",
        "encoding",
        "delimiter",
        "zone",
        "region",
        "date_formats",
        "columns",
        "optional",
        "constants",
        "values",
        "wordings",
        "only",
    }
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Columns to fields, constants, tables of values, wordings by name, and how the file is written."""

    format: str
    encoding: str
    delimiter: str
    zone: str | None
    region: str | None
    date_formats: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    optional: frozenset[str]
    constants: dict[str, str]
    values: dict[str, dict[str, str]]
    wordings: dict[str, tuple[str, str]]
    only: tuple[str, ...]

    @property
    def text(self) -> str:
        """The mapping as it is stored and hashed: canonical JSON, from which `from_text` makes it again."""
        told = {
            "format": self.format,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "zone": self.zone,
            "region": self.region,
            "date_formats": self.date_formats,
            "columns": self.columns,
            "optional": sorted(self.optional),
            "constants": self.constants,
            "values": self.values,
            "wordings": {name: {"text": text, "language": said} for name, (text, said) in self.wordings.items()},
            "only": self.only,
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> bytes:
        """By which two mappings are told to be the same."""
        return hashlib.sha256(self.text.encode()).digest()


def from_toml(text: str, format: str | None = None) -> Mapping:
    """The mapping of a TOML file; BadInput names the line or the key at fault."""
    if len(text) > LARGEST:
        _refuse(None, f"A mapping holds at most {LARGEST} bytes.")
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        _refuse(None, f"This is no TOML: {str(error).lower()}.")
    return from_dict(told, format)


def from_text(text: str) -> Mapping:
    """The mapping that was stored."""
    told = {name: value for name, value in json.loads(text).items() if value is not None}
    return _made(told, told["format"])


def from_dict(told: dict[str, Any], format: str | None = None) -> Mapping:
    """The mapping with the names of its format beneath it."""
    unknown = sorted(set(told) - _KEYS)
    if unknown:
        _refuse(unknown[0], f"There is no such key; known are: {', '.join(sorted(_KEYS))}.")
    name = format or told.get("format", GENERIC)
    if name not in FORMATS:
        _refuse("format", f"This must be one of: {', '.join(sorted(FORMATS))}.")
    below = FORMATS[name]
    merged = {**below, **told, "format": name}
    for table in ("columns", "constants", "values", "wordings"):
        merged[table] = {**below.get(table, {}), **_table(told, table)}
    for field in _table(told, "columns"):  # a column that was named must be there
        merged["optional"] = [one for one in merged.get("optional", ()) if one != field]
    for field in _table(told, "constants"):
        if field not in _table(told, "columns"):
            merged["columns"].pop(field, None)
    return _made(merged, name)


def _made(told: dict[str, Any], format: str) -> Mapping:
    known = RECORD_FIELDS if format == RECORDS else FIELDS
    columns = {
        _field(name, "columns", known): _names(value, f"columns.{name}")
        for name, value in _table(told, "columns").items()
    }
    constants = {
        _field(name, "constants", known): _text(value, f"constants.{name}")
        for name, value in _table(told, "constants").items()
    }
    values = {
        _field(name, "values", known): {
            said.casefold().strip(): _text(meant, f"values.{name}.{said}")
            for said, meant in _table(_table(told, "values"), name, "values.").items()
        }
        for name in _table(told, "values")
    }
    optional = _names(told.get("optional", []), "optional")
    if format == GENERIC:
        for name in FIELDS:
            if name == "address" or (name in optional and name not in constants):
                columns.setdefault(name, (name,))
    encoding = _text(told.get("encoding", "utf-8-sig"), "encoding").lower()
    if encoding not in ENCODINGS or not codecs.lookup(encoding):
        _refuse("encoding", f"This must be one of: {', '.join(ENCODINGS)}.")
    delimiter = _text(told.get("delimiter", ","), "delimiter")
    if len(delimiter) != 1 or delimiter in '"\r\n':
        _refuse("delimiter", 'This must be one character, such as "," or ";" or "\\t".')
    zone = told.get("zone")
    if zone is not None and _text(zone, "zone") not in zones.names():
        _refuse("zone", "This must be a time zone such as America/Los_Angeles.")
    region = told.get("region")
    if region is not None and (len(_text(region, "region")) != 2 or not region.isalpha()):
        _refuse("region", "This must be a country in two letters, such as US.")
    only = _names(told.get("only", list(STATES)), "only")
    if constants.get("state", "given") not in STATES:
        _refuse("constants.state", f"This must be one of: {', '.join(STATES)}.")
    return Mapping(
        format,
        encoding,
        delimiter,
        zone,
        region.upper() if region else None,
        _names(told.get("date_formats", []), "date_formats"),
        columns,
        frozenset(optional),
        constants,
        values,
        {name: _wording(told["wordings"], name) for name in _table(told, "wordings")},
        only,
    )


def _wording(told: dict[str, Any], name: str) -> tuple[str, str]:
    said = _table(told, name, "wordings.")
    if set(said) != {"text", "language"}:
        _refuse(f"wordings.{name}", "A wording has a text and a language.")
    text = _text(said["text"], f"wordings.{name}.text", longest=4000)
    return text, _text(said["language"], f"wordings.{name}.language", longest=16)


def _table(told: dict[str, Any], name: str, within: str = "") -> dict[str, Any]:
    found = told.get(name, {})
    if not isinstance(found, dict):
        _refuse(within + name, "This must be a table of names and values.")
    return found


def _field(name: str, within: str, known: tuple[str, ...]) -> str:
    if name not in known:
        _refuse(f"{within}.{name}", f"There is no such field; known are: {', '.join(known)}.")
    return name


def _names(value: Any, place: str) -> tuple[str, ...]:
    given: Iterable[Any] = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else [None]
    return tuple(_text(one, place) for one in given)


def _text(value: Any, place: str, longest: int = 200) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        _refuse(place, f"This must be text of 1 to {longest} characters.")
    if not value.isprintable() and value != "\t" and "\n" not in value:
        _refuse(place, "This must hold no control characters.")
    return value


def _refuse(place: str | None, why: str) -> NoReturn:
    raise BadInput(f"The mapping cannot be used: {why}", field=f"mapping.{place}" if place else "mapping")
