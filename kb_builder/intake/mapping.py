"""The map of an import: which column of a table goes where in a draft."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb_builder.diagnostics import KbError, Span
from kb_builder.drafting import FieldValue, accept
from kb_builder.intake.cells import SHEET
from kb_builder.intake.computed import USUAL, ComputedReader, read_notations
from kb_builder.intake.transforms import Computed
from kb_builder.loader import Config
from kb_builder.model.front_matter import Mapping as MappingNode
from kb_builder.model.front_matter import Node, Scalar
from kb_builder.model.schema import FieldSpec, FieldType, Kind, Schema
from kb_builder.model.taxonomy import nearest
from kb_builder.privacy import Gate, redact
from kb_builder.privacy.names import is_name

IMPORTED = "imported"
"""The field that remembers where a draft came from: `key` and `digest`."""

_GATE = Gate()
_PLACE = re.compile(r"\{([^{}]+)\}")
_BETWEEN = ".."
_ALL_SHEETS = "全部"
_KEYS = (
    "kind", "sheet", "sheets", "encoding", "header_row", "key", "columns", "id", "mask", "fields", "sections",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table that the map names, and where it names it. `repeats` allows several of
    that name.
    """

    name: str
    span: Span
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Where a field comes from: a `value` for all rows, or a `column`.

    `fallback` is used where the column has no text of the field's minimum length, `default` where
    there is no text at all. `notations` is how dates are written, `words` what a cell's words mean,
    `separator` what stands between the values in one cell.
    """

    spec: FieldSpec
    value: FieldValue | None = None
    column: str = ""
    fallback: str = ""
    default: str = ""
    notations: tuple[str, ...] = USUAL
    separator: str = ""
    words: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """The time between the dates of two columns."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """Markdown with places for columns (`str` parts are text, others are filled in); left out
    where one of the places stays empty.
    """

    parts: tuple[str | Column | Interval, ...]


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A map as read; see cases/guide/import.md for what each part means to its author."""

    path: str
    kind: Kind
    sheets: tuple[str, ...] | None
    encoding: str
    header_row: int
    key_column: str
    key_prefix: str
    key_per_sheet: bool
    computed: tuple[Computed, ...]
    id_column: str
    year_column: str
    mask_columns: tuple[str, ...]
    mask_word: str
    fields: tuple[FieldSource, ...]
    sections: Mapping[str, tuple[Column | Sentence, ...]]
    columns: tuple[Column, ...]

    def fits(self, present: Collection[str]) -> bool:
        """Whether a table has all columns that the map names."""
        return {column.name for column in self.columns} - {SHEET} <= set(present)

    def check_columns(self, present: Sequence[str]) -> None:
        """Raises KbError naming the first column that the table hasn't got, or has twice."""
        for computed in self.computed:
            if computed.name in present:
                raise KbError(
                    f"{self.path}: 表格里已经有“{computed.name}”这一列；columns 里换一个名字"
                )
        for column in self.columns:
            place = f"{self.path}:{column.span.line}:{column.span.column}"
            found = present.count(column.name)
            if found > 1 and not column.repeats:
                hint = f"要用就写成 join: [{column.name}]"
                raise KbError(f"{place}: 表格里有 {found} 列都叫“{column.name}”；{hint}")
            if not found and column.name != SHEET:
                # Where the header isn't in the row that was named, its cells are somebody's data.
                names = [redact(name, _GATE) for name in present if name and not is_name(name)]
                best = nearest(column.name, names)
                hint = f"是不是“{best}”？" if best else f"有的列：{'、'.join(names) or '没有'}"
                raise KbError(f"{place}: 表格里没有“{column.name}”这一列；{hint}")


def read_map(path: Path, schema: Schema) -> ImportMap:
    """Read a map. Raises KbError naming file, line and column of the first thing wrong."""
    return _Reader(Config(Path(), str(path), named=True), schema).read()


class _Reader:
    def __init__(self, config: Config, schema: Schema) -> None:
        self.config = config
        self.schema = schema
        self.columns: list[Column] = []
        self.computed: dict[str, Computed] = {}

    def read(self) -> ImportMap:
        config = self.config
        top = config.entries(config.root, *_KEYS)
        kind = self._kind(top.get("kind"))
        key_column, key_prefix, key_per_sheet = self._key(top.get("key"))
        reader = ComputedReader(config, self._column)
        for name, computed in reader.read(top.get("columns")):
            self.computed[name] = computed
        numbering = config.entries(top.get("id"), "column", "year")
        if len(numbering) > 1:
            node = top["id"]
            raise config.error(node.span, "id 里 column 和 year 只能写一个")
        mask_columns, mask_word = self._mask(top.get("mask"))
        header_row = config.number(top.get("header_row")) or 1
        return ImportMap(
            path=config.path,
            kind=kind,
            sheets=self._sheets(top.get("sheet"), top.get("sheets")),
            encoding=self._encoding(top.get("encoding")),
            header_row=header_row,
            key_column=key_column,
            key_prefix=key_prefix,
            key_per_sheet=key_per_sheet,
            computed=tuple(self.computed.values()),
            id_column=self._column(numbering.get("column")),
            year_column=self._column(numbering.get("year")),
            mask_columns=mask_columns,
            mask_word=mask_word,
            fields=tuple(self._fields(kind, top.get("fields"))),
            sections=self._sections(kind, top.get("sections")),
            columns=tuple(self.columns),
        )

    def _kind(self, node: Node | None) -> Kind:
        name = self.config.text(node, "case")
        kind = self.schema.kinds.get(name)
        if kind is None:
            known = "、".join(self.schema.kinds)
            span = node.span if node else Span(1, 1)
            raise self.config.error(span, f"没有“{name}”这一类；可以写：{known}")
        imported = kind.fields.get(IMPORTED)
        if imported is None or not {"key", "digest"} <= set(imported.fields or ()):
            span = node.span if node else Span(1, 1)
            message = f"不能导入{kind.label}：schema.yml 里没有给它 imported 字段（key、digest）"
            raise self.config.error(span, message)
        return kind

    def _sheets(self, one: Node | None, several: Node | None) -> tuple[str, ...] | None:
        if one is not None and several is not None:
            raise self.config.error(several.span, "sheet 和 sheets 只能写一个")
        names = self.config.texts(several if several is not None else one)
        return None if several is not None and names == (_ALL_SHEETS,) else names

    def _key(self, node: Node | None) -> tuple[str, str, bool]:
        if node is None:
            raise KbError(f"{self.config.path}: 缺少 key；写上每行编号所在的列，如“key: 留言编号”")
        if isinstance(node, Scalar):
            return self._column(node), "", False
        parts = self.config.entries(node, "column", "prefix", "per_sheet")
        if "column" not in parts:
            raise self.config.error(node.span, "key 里缺少 column")
        prefix = self.config.text(parts.get("prefix"))
        return self._column(parts["column"]), prefix, self.config.flag(parts.get("per_sheet"))

    def _encoding(self, node: Node | None) -> str:
        name = self.config.text(node)
        try:
            return codecs.lookup(name).name if name else ""
        except LookupError as error:
            assert node is not None
            raise self.config.error(node.span, f"不认识编码“{name}”") from error

    def _mask(self, node: Node | None) -> tuple[tuple[str, ...], str]:
        is_mapping = isinstance(node, MappingNode)
        parts = self.config.entries(node, "columns", "word") if is_mapping else {}
        items = self.config.items(parts.get("columns") if is_mapping else node)
        for item in items:
            if self.config.text(item) in self.computed:
                raise self.config.error(
                    item.span, "mask 里要写表格自己的列，不能写 columns 里算出来的"
                )
        names = tuple(self._column(item) for item in items)
        return names, self.config.text(parts.get("word"), "客户")

    def _column(self, node: Node | None, *, repeats: bool = False) -> str:
        name = self.config.text(node)
        if node is not None:
            if not name:
                raise self.config.error(node.span, "这里应当写一个列名")
            self._name(name, node.span, repeats=repeats)
        return name

    def _name(self, name: str, span: Span, *, repeats: bool = False) -> None:
        if name not in self.computed:
            self.columns.append(Column(name, span, repeats))

    def _fields(self, kind: Kind, node: Node | None) -> Iterator[FieldSource]:
        if not isinstance(node, MappingNode):
            raise KbError(f"{self.config.path}: 缺少 fields；至少写上草稿必填的字段")
        for key, value in node.entries:
            if key.text in ("id", "status", IMPORTED):
                raise self.config.error(
                    key.span, f"{key.text} 由导入填写（状态总是草稿），请删去这一行"
                )
            spec = kind.fields.get(key.text)
            if spec is None:
                hint = self._hint(key.text, kind.fields)
                raise self.config.error(key.span, f"没有“{key.text}”这个字段；{hint}")
            if spec.type is FieldType.GROUP:
                raise self.config.error(key.span, f"“{spec.label}”是一组字段，不能由表格填写")
            yield self._field(spec, value)

    def _field(self, spec: FieldSpec, node: Node) -> FieldSource:
        config = self.config
        if not isinstance(node, MappingNode):
            raise config.error(node.span, "写成 {column: 列名} 或 {value: 固定的值}")
        parts = config.entries(
            node, "column", "value", "fallback", "default", "format", "separator", "words"
        )
        if ("column" in parts) == ("value" in parts):
            raise config.error(node.span, "column 和 value 要写一个，也只能写一个")
        if "value" in parts:
            if len(parts) > 1:
                raise config.error(node.span, "有了 value，别的就不用写了")
            return FieldSource(spec, value=self._value(spec, parts["value"]))
        if "separator" in parts and not spec.many:
            raise config.error(
                parts["separator"].span, f"“{spec.label}”只有一个值，不用写 separator"
            )
        default = parts.get("default")
        if default is not None:
            self._value(spec, default)
        words = parts.get("words")
        form = parts.get("format")
        return FieldSource(
            spec,
            column=self._column(parts["column"]),
            fallback=self._column(parts.get("fallback")),
            default=config.text(default),
            notations=read_notations(config, form) if form is not None else USUAL,
            separator=config.text(parts.get("separator")),
            words=self._words(spec, words) if words is not None else None,
        )

    def _value(self, spec: FieldSpec, node: Node) -> FieldValue:
        texts = self.config.texts(node)
        if not texts or (len(texts) > 1 and not spec.many):
            raise self.config.error(node.span, f"“{spec.label}”应当有一个值")
        value, findings = accept(spec, texts)
        if findings:
            raise self.config.error(
                node.span, f"{findings[0].message}；{findings[0].hint}".rstrip("；")
            )
        return value

    def _words(self, spec: FieldSpec, node: Node) -> Mapping[str, str]:
        found = {}
        for word, meaning in self.config.entries(node).items():
            self._value(spec, meaning)
            found[word] = self.config.text(meaning)
        return found

    def _sections(
        self, kind: Kind, node: Node | None
    ) -> Mapping[str, tuple[Column | Sentence, ...]]:
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            raise self.config.error(node.span, "sections 里应当是“小节: 列名”")
        found = {}
        for key, value in node.entries:
            if key.text not in kind.sections:
                hint = self._hint(key.text, kind.sections)
                raise self.config.error(key.span, f"{kind.label}没有“{key.text}”这一节；{hint}")
            found[key.text] = tuple(self._piece(item) for item in self.config.items(value))
        return found

    def _piece(self, node: Node) -> Column | Sentence:
        if isinstance(node, Scalar):
            return Column(self._column(node), node.span)
        text = self.config.entries(node, "text").get("text")
        if text is None:
            raise self.config.error(node.span, "写成列名，或 {text: 带 {列名} 的一句话}")
        return Sentence(tuple(self._parts(self.config.text(text), text.span)))

    def _parts(self, text: str, span: Span) -> Iterator[str | Column | Interval]:
        # Splitting by a pattern with one group gives text and place by turns.
        for position, part in enumerate(_PLACE.split(text)):
            if position % 2 == 0:
                yield part
            elif _BETWEEN in part:
                first, _, second = (name.strip() for name in part.partition(_BETWEEN))
                self._name(first, span)
                self._name(second, span)
                yield Interval(first, second)
            else:
                self._name(part.strip(), span)
                yield Column(part.strip(), span)

    @staticmethod
    def _hint(name: str, known: Collection[str]) -> str:
        best = nearest(name, known)
        return f"是不是“{best}”？" if best else f"可以写：{'、'.join(known)}"
