"""What a picture says besides what it shows: the metadata of JPEG, PNG, WebP and GIF files."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from kb_builder.diagnostics import Span
from kb_builder.model.document import Document
from kb_builder.model.sections import target_path

_MOST = 256 * 1024
"""The longest piece of metadata that is read, in bytes; longer ones are embedded pictures."""

PLACE, PERSON, TEXT = "拍摄地点", "作者", "说明"
"""The kinds of metadata that can be personal."""

_EXIF_TEXTS = {
    0x010E: TEXT, 0x013B: PERSON, 0x8298: TEXT, 0x9286: TEXT, 0x9C9B: TEXT, 0x9C9C: TEXT,
    0x9C9D: PERSON, 0x9C9E: TEXT, 0x9C9F: TEXT, 0xA430: PERSON,
}  # fmt: skip
_WIDE = range(0x9C9B, 0x9CA0)
_EXIF_FOLDERS = (0x8769,)
_GPS = 0x8825
_GPS_LATITUDE = 2
_XMP_PLACE = re.compile(r"GPSLatitude\W+([0-9][^\"<]{2,40})")
_XMP_PERSON = re.compile(
    r"<dc:creator>\s*<rdf:Seq>\s*<rdf:li[^>]*>([^<]{1,200})<|(?:OwnerName|AuthorsPosition|Credit)\W+([^\"<>]{1,200})[\"<]"
)
_XMP_TEXT = re.compile(
    r"<dc:(?:description|title|rights)>\s*<rdf:Alt>\s*<rdf:li[^>]*>([^<]{1,2000})<"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """One piece of metadata: its kind, and what it says (empty for a place)."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class PictureUse:
    """A picture that a document names: its path from the base, and where it is written."""

    path: str
    target: str
    span: Span


_ENDING = re.compile(r"\.(?:png|jpe?g|gif|webp)\b", re.IGNORECASE)
_TARGET = re.compile(r"[^\s()<>\"'\[\]]{1,300}\.(?:png|jpe?g|gif|webp)\b", re.IGNORECASE)


def uses(document: Document) -> Iterator[PictureUse]:
    """The pictures of this base that a document names, as image, link, reference or tag."""
    # Most documents name no picture at all, and the pattern is slow where a line is long.
    if not _ENDING.search("\n".join(document.lines)):
        return
    for row in range(document.body_line, len(document.lines)):
        line = document.lines[row]
        for match in _TARGET.finditer(line) if _ENDING.search(line) else ():
            path = target_path(document.path, match[0])
            if path is not None:
                yield PictureUse(path, match[0], Span(row + 1, match.start() + 1, len(match[0])))


def metadata(data: bytes) -> tuple[Metadata, ...]:
    """What a picture file says of place, person and more; nothing for what isn't read."""
    if data.startswith(b"\xff\xd8"):
        found = _jpeg(data)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        found = _png(data)
    elif data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        found = _webp(data)
    elif data.startswith(b"GIF8"):
        found = _gif(data)
    else:
        return ()
    return tuple(dict.fromkeys(each for each in found if each.text.strip() or each.kind == PLACE))


def _jpeg(data: bytes) -> Iterator[Metadata]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] not in (0xD9, 0xDA):
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        part = data[at + 4 : at + 2 + length]
        if data[at + 1] == 0xE1 and part.startswith(b"Exif\0\0"):
            yield from _exif(part[6:])
        elif data[at + 1] == 0xE1 and part.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            yield from _xmp(part[29:])
        elif data[at + 1] == 0xFE:
            yield Metadata(TEXT, _decoded(part))
        at += 2 + length


def _png(data: bytes) -> Iterator[Metadata]:
    at = 8
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        part = data[at + 8 : at + 8 + min(length, _MOST)]
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            key, _, rest = part.partition(b"\0")
            text = _png_text(kind, rest)
            if key == b"XML:com.adobe.xmp":
                yield from _xmp(text)
            else:
                yield Metadata(PERSON if key == b"Author" else TEXT, _decoded(text))
        elif kind == b"eXIf":
            yield from _exif(part)
        at += 12 + length


def _png_text(kind: bytes, rest: bytes) -> bytes:
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return _inflated(rest[1:])
    packed, tail = rest[:1] == b"\1", rest[2:].split(b"\0", 2)
    return b"" if len(tail) < 3 else _inflated(tail[2]) if packed else tail[2]


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST)
    except zlib.error:
        # What can't be unpacked says nothing to a reader either.
        return b""


def _webp(data: bytes) -> Iterator[Metadata]:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack("<4sI", data[at : at + 8])
        part = data[at + 8 : at + 8 + min(length, _MOST)]
        if kind == b"EXIF":
            yield from _exif(part.removeprefix(b"Exif\0\0"))
        elif kind == b"XMP ":
            yield from _xmp(part)
        at += 8 + length + length % 2


def _gif(data: bytes) -> Iterator[Metadata]:
    at = data.find(b"\x21\xfe")
    while at >= 0:
        text, at = b"", at + 2
        while at < len(data) and data[at]:
            text += data[at + 1 : at + 1 + data[at]]
            at += 1 + data[at]
        yield Metadata(TEXT, _decoded(text[:_MOST]))
        at = data.find(b"\x21\xfe", at)


def _xmp(data: bytes) -> Iterator[Metadata]:
    text = _decoded(data)
    if _XMP_PLACE.search(text):
        yield Metadata(PLACE)
    for match in _XMP_PERSON.finditer(text):
        yield Metadata(PERSON, match[1] or match[2])
    for match in _XMP_TEXT.finditer(text):
        yield Metadata(TEXT, match[1])


def _exif(data: bytes) -> Iterator[Metadata]:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None or len(data) < 8:
        return
    folders = [struct.unpack(f"{order}I", data[4:8])[0]]
    seen: set[int] = set()
    while folders:
        at = folders.pop()
        if at in seen:
            continue
        seen.add(at)
        for tag, kind, count, place in _entries(data, at, order):
            (value,) = struct.unpack(f"{order}I", data[place : place + 4])
            if tag in _EXIF_FOLDERS:
                folders.append(value)
            elif tag == _GPS:
                inner = _entries(data, value, order)
                if any(entry[0] == _GPS_LATITUDE for entry in inner):
                    yield Metadata(PLACE)
            elif tag in _EXIF_TEXTS and kind in (1, 2, 7):
                raw = (
                    data[place : place + count]
                    if count <= 4
                    else data[value : value + min(count, _MOST)]
                )
                yield Metadata(_EXIF_TEXTS[tag], _exif_text(tag, raw))


def _exif_text(tag: int, raw: bytes) -> str:
    if tag in _WIDE:
        return raw.decode("utf-16-le", "replace").strip("\0 ")
    if tag == 0x9286:
        code, raw = raw[:8], raw[8:]
        if code.startswith(b"UNICODE"):
            return raw.decode("utf-16", "replace").strip("\0 ")
    return _decoded(raw)


def _entries(data: bytes, at: int, order: str) -> Iterator[tuple[int, int, int, int]]:
    """Tag, type, count and the place of the value, for each entry of a folder."""
    if at + 2 > len(data):
        return
    (count,) = struct.unpack(f"{order}H", data[at : at + 2])
    for number in range(count):
        start = at + 2 + 12 * number
        if start + 12 > len(data):
            return
        tag, kind, length = struct.unpack(f"{order}HHI", data[start : start + 8])
        yield tag, kind, length, start + 8


def _decoded(raw: bytes) -> str:
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec).strip("\0 ")
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1").strip("\0 ")
