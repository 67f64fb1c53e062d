"""Whether a ZIP file holds what its table of contents says and nothing else; it becomes a part of a pack's check.py.

Readers differ in what they believe: the table at the end, or what stands in front of each file.
"""

import struct
import zipfile
from typing import IO

_LARGE = 0xFFFFFFFF  # the true sizes stand in the extra field (APPNOTE 4.5.3)
_STREAMED, _UTF8 = 0x8, 0x800  # flags: sizes follow the content; the name is UTF-8 (APPNOTE 4.4.4)
_END, _END_64 = 22, 22 + 20 + 56  # bytes of the end of the table, without and with its large form


def misplaced(archive: zipfile.ZipFile) -> str:
    """The first file that does not stand where and as the table says, or the archive's own name; empty where all do.

    The files cover everything in front of the table, without gaps, and nothing but its end comes after it.
    """
    raw, at, table = archive.fp, 0, 0
    if raw is None:
        return str(archive.filename)
    for one in sorted(archive.infolist(), key=lambda one: one.header_offset):
        behind = _behind(raw, one, at)
        large = max(one.file_size, one.compress_size, one.header_offset) >= _LARGE
        if behind is None or one.comment or (one.extra and not large):
            return one.filename
        at, table = behind, table + 46 + len(_name(one)) + len(one.extra)
    whole = raw.seek(0, 2)
    fits = archive.start_dir == at and whole - at - table in (_END, _END_64) and not archive.comment
    return "" if fits else str(archive.filename)


def _behind(raw: "IO[bytes]", one: zipfile.ZipInfo, at: int) -> "int | None":
    """Where this file ends, which begins at `at`; None where it does not, or says something else than the table."""
    raw.seek(at)
    head = raw.read(30)
    if one.header_offset != at or len(head) != 30:
        return None
    mark, version, flags, method, clock, day, crc, packed, size, named, more = struct.unpack("<4s5H3L2H", head)
    name, extra = raw.read(named), raw.read(more)
    year, month, date, hour, minute, second = one.date_time
    said = (mark, version, flags, method, clock, day, name)
    wanted = (
        b"PK\3\4", one.extract_version | one.reserved << 8, one.flag_bits, one.compress_type,
        hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | date, _name(one),
    )  # fmt: skip
    sizes = (0, 0, 0) if flags & _STREAMED else (one.CRC, one.compress_size, one.file_size)
    large = struct.pack("<2H2Q", 1, 16, sizes[2], sizes[1])
    alike = (crc, packed, size, extra) in ((*sizes, b""), (sizes[0], _LARGE, _LARGE, large))
    if said != wanted or not alike:
        return None
    at += 30 + named + more + one.compress_size
    if flags & _STREAMED:
        raw.seek(at)
        form = "<4sL2Q" if extra else "<4s3L"
        tail = struct.pack(form, b"PK\7\10", one.CRC, one.compress_size, one.file_size)
        if raw.read(len(tail)) != tail:
            return None
        at += len(tail)
    return at


def _name(one: zipfile.ZipInfo) -> bytes:
    return one.orig_filename.encode("utf-8" if one.flag_bits & _UTF8 else "cp437")
