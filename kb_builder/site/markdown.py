"""From the Markdown of a body to HTML in pieces; not cleaned yet."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import markdown
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.slugs import slugify  # type: ignore[import-untyped]

EXTENSIONS: tuple[str, ...] = (
    "toc",
    "tables",
    "fenced_code",
    "footnotes",
    "admonition",
    "sane_lists",
    "def_list",
    "pymdownx.tasklist",
)
"""What our Markdown can do, in documents and hand-written pages alike."""

OPTIONS: Mapping[str, dict[str, Any]] = {
    # Chinese headings keep their characters as anchors instead of becoming _1, _2 …
    "toc": {
        "slugify": slugify(case="lower"),
        "title": "本页目录",
        "permalink": True,
        "permalink_title": "本节的链接",
        "toc_depth": "2-3",
    },
    # Alignment as an attribute, because style attributes are cleaned away.
    "tables": {"use_align_attribute": True},
    "footnotes": {"BACKLINK_TITLE": "回到正文的第 {} 个脚注"},
}


_BLOCKS = re.compile(r"\n[ \t]*\n")
_FENCED = FencedBlockPreprocessor.FENCED_BLOCK_RE
_MOST_UNCLOSED = 300
"""How many opening brackets a block may leave open: the converter's time grows with the square."""


class ConversionError(Exception):
    """The Markdown of a file brought the converter down, or would take it minutes."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as the table of contents shows it; `id` is its anchor, `title` plain text."""

    id: str
    title: str
    children: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One second-level section: its heading and the HTML below it."""

    heading: Heading
    html: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A converted body: what stands before the first heading, the sections, the footnotes."""

    lead: str
    sections: tuple[Part, ...]
    notes: str


_SPECIAL = r"\\`*_\[\]{}<>&|\t\x02\x03"
_PLAIN_LINE = rf"(?![\s>:=+~#!-]|[0-9]+\.)[^\n{_SPECIAL}]++(?<!\s)"
# Possessive, so that a long text which is not plain is found out in one go.
_PLAIN = re.compile(rf"\n*+(?:(?:## [一-鿿]++|{_PLAIN_LINE})(?:\n++|\Z))*+")
"""A body of second-level headings in Chinese and paragraphs without a character or a beginning of a
line that means anything to the converter. Imported texts are of this sort."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A converted text in one piece, headings included; `headings` are the converter's `toc_tokens`."""

    html: str
    headings: list[Any]


class Converter:
    """Converts many bodies with one `Markdown` instance, which is cheaper than one each.

    Plain bodies don't need it at all: they are put together here, ten times faster, with the same
    result (a test lets the machine look for a difference).
    """

    def __init__(self) -> None:
        # Nobody can guess the mark and so nobody can forge a cut by writing it.
        self._mark = f"kb-{secrets.token_hex(8)}"
        self._cut = re.compile(rf'<hr class="{self._mark}" id="([^"]*)" ?/?>')
        self._markdown = _new()
        # Below `toc` (5), which gives headings their anchors; above `unescape` (0).
        self._markdown.treeprocessors.register(_Cut(self._markdown, self._mark), "kb-cut", 2)

    def convert(self, text: str) -> Parts:
        """Convert one body. Raises ConversionError when the converter can't, whatever the reason."""
        return _plain_parts(text) or self.convert_any(text)

    def convert_any(self, text: str) -> Parts:
        """Convert one body by Markdown itself."""
        found = _converted(self._markdown, text)
        pieces = self._cut.split(found)
        headings = {heading.id: heading for heading in self._headings()}
        sections = []
        notes = ""
        for anchor, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            anchor = html.unescape(anchor)
            if anchor == _NOTES:
                notes = piece
            else:
                sections.append(Part(headings.get(anchor, Heading(anchor, anchor)), piece.strip()))
        return Parts(pieces[0].strip(), tuple(sections), notes.strip())

    def _headings(self) -> list[Heading]:
        tokens: list[dict[str, Any]] = getattr(self._markdown, "toc_tokens", [])
        return headings(tokens)


def convert_whole(text: str) -> Whole:
    """Convert a text in one piece. Raises ConversionError as `Converter.convert` does."""
    converter = _new()
    found = _converted(converter, text)
    return Whole(found, getattr(converter, "toc_tokens", []))


def _new() -> markdown.Markdown:
    return markdown.Markdown(
        extensions=list(EXTENSIONS), extension_configs={k: dict(v) for k, v in OPTIONS.items()}
    )


def _converted(converter: markdown.Markdown, text: str) -> str:
    # What is in code is not parsed; taking it out first would cost every text what few need.
    if _unclosed(text) and _unclosed(_FENCED.sub("", text)):
        raise ConversionError("有一段里的方括号几乎都没有闭合")
    converter.reset()
    try:
        return converter.convert(text)
    except Exception as error:
        # A parser that walks hostile text may fail in any way (AssertionError, RecursionError,
        # ValueError …); what matters to us is that this file can't be shown.
        raise ConversionError(f"{type(error).__name__}: {error}"[:200]) from error


def _unclosed(text: str) -> bool:
    return any(
        block.count("[") - block.count("]") > _MOST_UNCLOSED for block in _BLOCKS.split(text)
    )


def _plain_parts(text: str) -> Parts | None:
    """The parts of a plain body; None when it isn't one."""
    if not _PLAIN.fullmatch(text):
        return None
    titles: list[str] = []
    paragraphs: list[list[str]] = [[]]
    for block in re.split(r"\n(?:\n+|(?=## ))", text.strip("\n")):
        while block.startswith("## "):
            title, _, block = block.partition("\n")
            titles.append(title[3:])
            paragraphs.append([])
        if block:
            paragraphs[-1].append(f"<p>{block}</p>")
    if len(set(titles)) < len(titles):
        return None  # Equal titles need different anchors; that is for the converter to see to.
    lead, *below = ("\n".join(found) for found in paragraphs)
    parts = (Part(Heading(title, title), html) for title, html in zip(titles, below, strict=True))
    return Parts(lead, tuple(parts), "")


def headings(tokens: list[dict[str, Any]]) -> list[Heading]:
    """The second-level headings of the converter's `toc_tokens` with their subheadings."""
    found: list[Heading] = []
    for token in tokens:
        title = html.unescape(token["name"])
        below = tuple(headings(token["children"]))
        if token["level"] < 2:
            found += [Heading(token["id"], title), *below]
        else:
            found.append(Heading(token["id"], title, below))
    return found


_NOTES = "kb-notes"


class _Cut(Treeprocessor):
    """Puts a mark in the place of every top-level heading and before the footnotes."""

    def __init__(self, md: markdown.Markdown, mark: str) -> None:
        super().__init__(md)
        self._mark = mark

    def run(self, root: Element) -> None:
        notes = None
        for index, child in enumerate(list(root)):
            if child.tag in ("h1", "h2"):
                mark = Element("hr", {"class": self._mark, "id": child.get("id", "")})
                mark.tail = child.tail
                root[index] = mark
            elif child.tag == "div" and child.get("class") == "footnote":
                notes = child
        if notes is not None:
            # The footnotes stand at the end; what follows the last mark is theirs.
            root.remove(notes)
            SubElement(root, "hr", {"class": self._mark, "id": _NOTES})
            root.append(notes)
