"""What pictures say besides what they show; every file format, and damaged files."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.model.pictures import PERSON, PLACE, TEXT, Metadata, metadata

ARTIST, GPS = 0x013B, 0x8825


def exif(order: str = "<") -> bytes:
    """A folder with an artist and a place."""
    artist = "张伟".encode() + b"\0\0"
    start = 8 + 2 + 24 + 4
    entries = struct.pack(f"{order}HHHII", 2, ARTIST, 2, 7, start)
    entries += struct.pack(f"{order}HHIII", GPS, 4, 1, start + len(artist), 0)
    place = struct.pack(f"{order}HHHIII", 1, 2, 5, 3, 0, 0)
    head = b"II*\0" if order == "<" else b"MM\0*"
    return head + struct.pack(f"{order}I", 8) + entries + artist + place


def jpeg(*parts: tuple[int, bytes]) -> bytes:
    segments = b"".join(
        bytes([0xFF, kind]) + struct.pack(">H", len(part) + 2) + part for kind, part in parts
    )
    return b"\xff\xd8" + segments + b"\xff\xd9"


def png(*parts: tuple[bytes, bytes]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + b"\0\0\0\0" for kind, part in parts
    )


def webp(kind: bytes, part: bytes) -> bytes:
    body = b"WEBP" + kind + struct.pack("<I", len(part)) + part
    return b"RIFF" + struct.pack("<I", len(body)) + body


XMP = (
    '<dc:creator><rdf:Seq><rdf:li>张伟</rdf:li></rdf:Seq></dc:creator> exif:GPSLatitude="28,13.7N"'
).encode()
BOTH = {Metadata(PERSON, "张伟"), Metadata(PLACE)}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (jpeg((0xE1, b"Exif\0\0" + exif())), BOTH),
        (jpeg((0xE1, b"Exif\0\0" + exif(">"))), BOTH),
        (jpeg((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)), BOTH),
        (jpeg((0xFE, "客户 13800001234".encode())), {Metadata(TEXT, "客户 13800001234")}),
        (png((b"eXIf", exif())), BOTH),
        (png((b"tEXt", b"Author\0Zhang Wei")), {Metadata(PERSON, "Zhang Wei")}),
        (
            png((b"zTXt", b"Comment\0\0" + zlib.compress("说明".encode()))),
            {Metadata(TEXT, "说明")},
        ),
        (png((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)), BOTH),
        (webp(b"EXIF", exif()), BOTH),
        (webp(b"XMP ", XMP), BOTH),
        (b"GIF89a\x21\xfe\x05hello\0;", {Metadata(TEXT, "hello")}),
        (jpeg((0xE0, b"JFIF")), set()),
        (b"%PDF-1.7", set()),
    ],
)
def test_metadata_is_read(data: bytes, expected: set[Metadata]) -> None:
    assert set(metadata(data)) == expected


WHOLE = [jpeg((0xE1, b"Exif\0\0" + exif())), png((b"eXIf", exif())), webp(b"EXIF", exif())]


@given(st.sampled_from(WHOLE), st.integers(0, 200), st.binary(max_size=8))
def test_damaged_files_are_read_as_far_as_they_go(data: bytes, at: int, noise: bytes) -> None:
    metadata(data[:at] + noise + data[at + len(noise) :])
    metadata(data[:at])
