"""What `kb check --fix` mends: slips whose right form is beyond doubt, never a meaning.

Every fix is an edit of the text, so that comments, quoting, order and line ends stay what they are. A
file whose front matter can't be read is left alone; of the kinds of fix, each is left out after which
the file would have a fault that it didn't have.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from kb_builder.drafting import scalar
from kb_builder.model import dates, document, front_matter
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.front_matter import Mapping as MappingNode
from kb_builder.model.front_matter import Node, Scalar, Sequence
from kb_builder.model.schema import FieldSpec, FieldType, Schema
from kb_builder.rules.kb447_one_sided_contrast import FIELD as CONTRAST
from kb_builder.rules.kb447_one_sided_contrast import contrasting
from kb_builder.rules.kb602_full_width_digit import FULL_WIDTH, half_width
from kb_builder.rules.kb604_invisible_character import INVISIBLE
from kb_builder.rules.kb605_ideographic_indent import INDENT
from kb_builder.rules.kb607_trailing_blank import trailing_blanks

SPELLING = "写法"
"""What stands for a rule where none asks for a fix: the label for an alias, and the like."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_BOM = "\ufeff"
_JOINER = "\u200d"
_INVISIBLE_RUN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_HAN = re.compile("[\u3400-\u9fff]")
_INLINE_MARKS = "*_`~[\\<&!"
_OPENING = " \t[{,"
_OPENING_MARKS = "#>+-=|?:'\"{%@"
"""Marks of Markdown and YAML, and after what they are marks."""

_OPENS_BLOCK = re.compile(r"[#>*+\-|`~=<:!?\[\]{}]|\d+[.)]|$")
_OPENS_LIST = re.compile(r"[ \t>]*[０-９]+[.)]")


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of a file, and how many fixes each rule, or `SPELLING`, asked for."""

    data: bytes
    fixes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Edit:
    """`text[start:end]` becomes `new`, because `rule` asks for it."""

    start: int
    end: int
    new: str
    rule: str


class _File:
    """A file as text, and the offsets of its lines in it."""

    def __init__(self, text: str, found: Document) -> None:
        self.text = text
        self.document = found
        self.starts = [1 if text.startswith(_BOM) else 0]
        self.starts += [match.end() for match in _LINE_END.finditer(text)]

    def edit(self, row: int, begin: int, end: int, new: str, rule: str) -> _Edit:
        """An edit of the line with index `row`, from index `begin` to `end` in it."""
        start = self.starts[row]
        return _Edit(start + begin, start + end, new, rule)

    @property
    def line_end(self) -> str:
        """How its lines end."""
        found = _LINE_END.search(self.text)
        return found[0] if found else "\n"


@dataclass(frozen=True, slots=True)
class _Round:
    """What a fix may look up. `names` are the documents by the names of their files, which hold
    even where an id is written otherwise.
    """

    corpus: Corpus
    schema: Schema
    names: Mapping[str, Document]


_Maker = Callable[[_File, _Round], Iterator[_Edit]]


def mend(
    files: Mapping[str, bytes], corpus: Corpus, schema: Schema, *, leave: Collection[str] = ()
) -> dict[str, Mended]:
    """Mend documents; what comes back, of those that changed, has nothing left to mend.

    Args:
        files: the bytes of the documents to mend, by path.
        corpus: all documents of the base, these as read from those bytes.
        schema: what their fields are.
        leave: the ids of rules that are switched off, whose fixes nobody wants.
    """
    data, done = dict(files), dict[str, Mended]()
    while True:
        names = {each.name: each for each in corpus.documents if each.kind is not None}
        found = _Round(corpus, schema, names)
        fresh = {}
        for each in corpus.documents:
            if each.path in data:
                mended = _mend_one(each, data[each.path], found, leave)
                if mended.fixes:
                    fresh[each.path] = mended
        if not fresh:
            return done
        for path, mended in fresh.items():
            data[path] = mended.data
            old = done[path].fixes if path in done else {}
            done[path] = Mended(
                mended.data, dict(sorted((Counter(old) + Counter(mended.fixes)).items()))
            )
        # A reference that is right now may show another one that is missing.
        corpus = Corpus(
            tuple(
                document.build(each.path, data[each.path], schema) if each.path in fresh else each
                for each in corpus.documents
            ),
            corpus.pages,
        )


def _mend_one(before: Document, data: bytes, found: _Round, leave: Collection[str]) -> Mended:
    fixes: Counter[str] = Counter()
    if before.kind is None or not before.readable:
        return Mended(data, fixes)
    file = _File(data.decode(), before)
    for make in _MAKERS:
        edits = [edit for edit in make(file, found) if edit.rule not in leave]
        if not edits:
            continue
        text = _applied(file.text, edits)
        after = document.build(before.path, text.encode(), found.schema)
        if _is_no_worse(file.document, after):
            file = _File(text, after)
            fixes.update(edit.rule for edit in edits)
    return Mended(file.text.encode(), fixes)


def _applied(text: str, edits: list[_Edit]) -> str:
    parts, at = [], 0
    for edit in sorted(edits, key=lambda each: each.start):
        parts += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join((*parts, text[at:]))


def _is_no_worse(before: Document, after: Document) -> bool:
    """Whether a file can still be read and has no fault of a rule more than it had."""
    if not after.readable or before.keys.keys() - after.keys.keys():
        return False
    had = Counter(fault.rule for fault in before.faults)
    return not Counter(fault.rule for fault in after.faults) - had


def _invisible(file: _File, _round: _Round) -> Iterator[_Edit]:
    if not INVISIBLE.search(file.text):
        return
    for row, line in enumerate(file.document.lines):
        for run in _INVISIBLE_RUN.finditer(line):
            before, after = line[: run.start()][-1:], line[run.end() :][:1]
            if _is_shield(line[: run.start()], before, after):
                continue
            kept = (
                "" if _HAN.match(before) or _HAN.match(after) else _JOINER * run[0].count(_JOINER)
            )
            if kept != run[0]:
                yield file.edit(row, *run.span(), kept, "KB604")


def _is_shield(above: str, before: str, after: str) -> bool:
    """Whether an invisible character may stand there to keep a mark from being one."""
    opens = not above.strip() or before in _OPENING
    return (
        (opens and after in _OPENING_MARKS)
        or (not above.strip() and after.isdigit())
        or (bool(before) and before in _INLINE_MARKS)
        or (bool(after) and after in _INLINE_MARKS)
    )


def _composed(file: _File, _round: _Round) -> Iterator[_Edit]:
    for row, line in enumerate(file.document.lines):
        if not unicodedata.is_normalized("NFC", line):
            yield file.edit(row, 0, len(line), unicodedata.normalize("NFC", line), SPELLING)


def _values(file: _File, found: _Round) -> Iterator[_Edit]:
    kind = file.document.kind
    root = front_matter.read(file.text.encode()).root
    assert kind is not None  # or `mend` would not have come here
    assert root is not None
    for spec, node in _scalars(kind.fields, root):
        text = node.text.strip()
        meant, rule = _meant(spec, text, file.document, found)
        if not meant or meant == text:
            continue
        row, begin = node.span.line - 1, node.span.column - 1
        end = begin + node.span.length
        new = _rewritten(file.document.lines[row][begin:end], node.text, meant)
        if new is not None:
            yield file.edit(row, begin, end, new, rule)


def _scalars(
    specs: Mapping[str, FieldSpec], root: MappingNode
) -> Iterator[tuple[FieldSpec, Scalar]]:
    """Every value of a declared field, those inside groups included."""
    for key, node in root.entries:
        spec = specs.get(key.text)
        if spec is None:
            continue
        nodes: tuple[Node, ...] = node.items if isinstance(node, Sequence) else (node,)
        for each in nodes:
            if isinstance(each, Scalar):
                yield spec, each
            elif isinstance(each, MappingNode) and spec.fields is not None:
                yield from _scalars(spec.fields, each)


def _meant(spec: FieldSpec, text: str, mine: Document, found: _Round) -> tuple[str, str]:
    """What a value must mean, or an empty text, and the rule that asks to write it so."""
    if not text or (spec.none_id and text in (spec.none_id, spec.none_label)):
        return "", ""
    if spec.vocabulary is not None:
        value = spec.vocabulary.find(text)
        # Where another value has this label for its id, only the id says which is meant.
        certain = value is not None and spec.vocabulary.find(value.label) is value
        return (value.label if value is not None and certain else ""), SPELLING
    if spec.type is FieldType.NUMBER:
        number = unicodedata.normalize("NFKC", text).strip()
        return (number if number.isascii() and number.isdigit() else ""), "KB103"
    if spec.type in (FieldType.DATE, FieldType.MOMENT):
        return _date(spec, text), "KB103"
    if spec.type is FieldType.ID and mine.kind is not None:
        meant = mine.kind.canonical_id(text)
        return (mine.name if meant == mine.name else ""), "KB301"
    if spec.type is FieldType.REFERENCE and text not in found.names:
        meant = found.schema.kinds[spec.reference_kind].canonical_id(text)
        return (meant if meant in found.names else "") or "", "KB305"
    return "", ""


def _date(spec: FieldSpec, text: str) -> str:
    if dates.parse(text) is not None or text == dates.UNKNOWN:
        return ""
    with_time = spec.type is FieldType.MOMENT
    colons = unicodedata.normalize("NFKC", text).count(":")
    # Neither a time where only a day belongs nor seconds are dropped unasked.
    if colons > with_time:
        return ""
    return dates.mend(text, with_time=with_time) or ""


def _rewritten(raw: str, text: str, new: str) -> str | None:
    """How to write `new` where `raw` is written for `text`; None where that isn't on one line, or
    with escapes."""
    if raw == text:
        return scalar(new, flow=True)
    if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "'\"" and raw[1:-1] == text:
        return scalar(new, flow=True) if set(new) & set("'\"\\") else f"{raw[0]}{new}{raw[0]}"
    return None


def _digits(file: _File, _round: _Round) -> Iterator[_Edit]:
    if not FULL_WIDTH.search(file.text):
        return
    for passage in file.document.prose:
        # The address of a heading is made from its text.
        if not passage.exact or (not passage.field and passage.text.startswith("#")):
            continue
        for match, span in passage.find(FULL_WIDTH):
            first = passage.field == "" and _OPENS_LIST.match(passage.text)
            if first and match.start() < first.end():
                continue
            row, begin = span.line - 1, span.column - 1
            new = half_width(match[0])
            yield file.edit(row, begin, begin + len(match[0]), new, "KB602")


def _indents(file: _File, _round: _Round) -> Iterator[_Edit]:
    if "\u3000" not in file.text:
        return
    for passage in file.document.prose:
        match = None if passage.field else INDENT.match(passage.text)
        # After spaces it is code; before a mark of Markdown it hides the mark.
        if match and match[0][0] == "\u3000" and not _OPENS_BLOCK.match(passage.text, match.end()):
            yield file.edit(passage.start.line - 1, 0, match.end(), "", "KB605")


def _trailing(file: _File, *, body: bool) -> Iterator[_Edit]:
    found = file.document
    for row, bare in trailing_blanks(found.lines, found.body_line):
        if (row >= found.body_line) is body:
            yield file.edit(row, len(bare), len(found.lines[row]), "", "KB607")


def _trailing_in_fields(file: _File, _round: _Round) -> Iterator[_Edit]:
    edits = list(_trailing(file, body=False))
    if not edits:
        return
    texts = (file.text, _applied(file.text, edits))
    before, after = (front_matter.read(text.encode()).root for text in texts)
    # In a block of text as it stands, blanks belong to the text.
    if before is not None and after is not None and front_matter.same(before, after):
        yield from edits


def _trailing_in_body(file: _File, _round: _Round) -> Iterator[_Edit]:
    yield from _trailing(file, body=True)


def _last_line(file: _File, _round: _Round) -> Iterator[_Edit]:
    if not file.text.endswith(("\n", "\r")):
        yield _Edit(len(file.text), len(file.text), file.line_end, SPELLING)


def _back_reference(file: _File, found: _Round) -> Iterator[_Edit]:
    mine = found.corpus.by_id.get(file.document.id)
    if mine is None or mine.path != file.document.path:
        return
    others = contrasting(mine, found.corpus)
    if len(others) != 1 or CONTRAST in file.document.keys:
        return
    kind, keys = file.document.kind, file.document.keys
    assert kind is not None  # or there would be no one to contrast with
    names = list(kind.fields)
    later = names[names.index(CONTRAST) + 1 :]
    # Before the first field that comes after it and what is said about that, else before the end.
    rows = [keys[name].line - 1 for name in later if name in keys]
    row = min(rows, default=file.document.body_line - 1)
    while file.document.lines[row - 1].startswith("#"):
        row -= 1
    yield file.edit(row, 0, 0, f"{CONTRAST}: {others[0]}{file.line_end}", "KB447")


_MAKERS: tuple[_Maker, ...] = (
    _invisible,
    _composed,
    _values,
    _digits,
    _indents,
    _trailing_in_fields,
    _trailing_in_body,
    _last_line,
    _back_reference,
)
