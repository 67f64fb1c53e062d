"""Small files of the kinds that prove a consent; each is the least that its format allows, made here."""

import struct
import zlib


def _png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def _wav() -> bytes:
    fmt = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    body = b"WAVE" + b"fmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", 2) + b"\x80\x80"
    return b"RIFF" + struct.pack("<I", len(body)) + body


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"
PNG = _png()
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xda\x00\x00\xff\xd9"
WAV = _wav()
MP3 = b"\xff\xfb\x90\x64" + b"\0" * 413
MP3_TAGGED = b"ID3\x04\x00\x00\x00\x00\x00\x00" + MP3
M4A = struct.pack(">I", 20) + b"ftypM4A \x00\x00\x00\x00M4A " + b"\0" * 8
OGG = b"OggS\x00\x02" + b"\0" * 20 + b"\x01\x1eOpusHead"
EML = (
    b"Received: from mail.example\r\n\tby consent.example; Fri, 20 Nov 2026 10:15:00 -0800\r\n"
    b"From: a@mail.example\r\nDate: Fri, 20 Nov 2026 10:15:00 -0800\r\nSubject: yes\r\n\r\nYes, text me.\r\n"
)
TXT = "Sí, acepto.\nOui.\n".encode()

OF_TYPE = {
    "application/pdf": PDF,
    "image/png": PNG,
    "image/jpeg": JPEG,
    "audio/wav": WAV,
    "audio/mpeg": MP3,
    "audio/mp4": M4A,
    "audio/ogg": OGG,
    "message/rfc822": EML,
    "text/plain": TXT,
}
