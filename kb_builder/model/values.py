"""From a node of front matter to the value its field declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb_builder.diagnostics import Finding, Span, quoted
from kb_builder.model import dates, people
from kb_builder.model.dates import PartialDate
from kb_builder.model.front_matter import Fault, Node, Scalar, Sequence
from kb_builder.model.front_matter import Mapping as MappingNode
from kb_builder.model.schema import FieldSpec, FieldType, Needed
from kb_builder.model.taxonomy import nearest

_TRUE = {"true", "是", "有"}
_FALSE = {"false", "否", "无", "没有"}


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one entry of a group, such as one line of a timeline."""

    fields: Mapping[str, tuple[Item, ...]]

    def items(self, name: str) -> tuple[Item, ...]:
        """The items of one of its fields."""
        return self.fields.get(name, ())

    def text(self, name: str) -> str:
        """The first item of one of its fields as text, or empty."""
        items = self.items(name)
        return items[0].text if items else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """The items of one of its fields as text."""
        return tuple(item.text for item in self.items(name))


Value = str | int | bool | PartialDate | Group


@dataclass(frozen=True, slots=True)
class Item:
    """A value with its place. A vocabulary's value is its id; an unknown date is `unknown`."""

    value: Value
    span: Span

    @property
    def group(self) -> Group:
        """The value of a field of groups."""
        assert isinstance(self.value, Group)
        return self.value

    @property
    def text(self) -> str:
        """The value as text; a group has none."""
        value = self.value
        if isinstance(value, str):
            return value
        if isinstance(value, PartialDate):
            return value.text
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if isinstance(value, Group) else str(value)


def read(spec: FieldSpec, node: Node) -> tuple[tuple[Item, ...], tuple[Fault, ...]]:
    """The items of a field, and what is wrong with those that can't be read."""
    faults: list[Fault] = []
    nodes: Iterable[Node] = (node,)
    if isinstance(node, Sequence):
        if not spec.many:
            count = len(node.items)
            if spec.type is FieldType.ROLE and count > 1:
                message = f"“{spec.label}”只能有一个，这里写了 {count} 个"
                return (), (_fault("several-owners", node.span, message, "只留一个负责的岗位"),)
            message = f"“{spec.label}”只能有一个值，这里写了列表"
            return (), (_fault("wrong-type", node.span, message, "去掉方括号，只留一个值"),)
        nodes = node.items
        if not node.items:
            return (), (
                Fault(
                    "empty-value", Finding(node.span, f"“{spec.label}”是空的", "填上，或删去这一行")
                ),
            )
    items = [item for child in nodes if (item := _read_one(spec, child, faults)) is not None]
    return tuple(items), tuple(faults)


def unknown_field(key: Scalar, known: Mapping[str, FieldSpec]) -> Fault:
    """The fault of a field that isn't declared, with the nearest declared one."""
    names = {name: name for name in known} | {spec.label: name for name, spec in known.items()}
    best = nearest(key.text, names, least=0.6)
    hint = (
        f"改为“{names[best]}”（{known[names[best]].label}）"
        if best
        else "删去它；可用的字段见字段说明页"
    )
    return Fault("unknown-field", Finding(key.span, f"没有{quoted(key.text)}这个字段", hint))


def example(spec: FieldSpec) -> str:
    """What an author can type to fill the field, for a hint."""
    hint = f"加上一行，例如“{spec.name}: {_sample(spec)}”"
    return f"{hint}；{spec.help}" if spec.help else hint


def _sample(spec: FieldSpec) -> str:
    value = _SAMPLES.get(spec.type, "……")
    if spec.vocabulary is not None:
        value = next(iter(spec.vocabulary)).label
    if spec.fields is not None:
        needed = (
            inner.name for inner in spec.fields.values() if inner.needed is not Needed.OPTIONAL
        )
        value = "{" + ", ".join(f"{name}: ……" for name in needed) + "}"
    return f"[{value}]" if spec.many else value


_SAMPLES = {
    FieldType.NUMBER: "1",
    FieldType.BOOLEAN: "true",
    FieldType.DATE: "2024-05-01",
    FieldType.MOMENT: "2024-05-01 09:30",
}


def _read_one(spec: FieldSpec, node: Node, faults: list[Fault]) -> Item | None:
    if spec.type is FieldType.GROUP:
        return _read_group(spec, node, faults)
    if not isinstance(node, Scalar):
        expected = "一个值" if not spec.many else "简单的值"
        faults.append(
            _fault(
                "wrong-type",
                node.span,
                f"“{spec.label}”里应当是{expected}，这里是列表或映射",
                "写成 [甲, 乙]" if spec.many else "去掉括号，只留一个值",
            )
        )
        return None
    text = node.text.strip()
    if not text or text in ("~", "null"):
        faults.append(
            _fault("empty-value", node.span, f"“{spec.label}”是空的", "填上，或删去这一行")
        )
        return None
    if spec.none_id and text in (spec.none_id, spec.none_label):
        return Item(spec.none_id, node.span)
    return _READERS[spec.type](spec, text, node.span, faults)


def _read_group(spec: FieldSpec, node: Node, faults: list[Fault]) -> Item | None:
    assert spec.fields is not None  # the schema loader sees to it
    if not isinstance(node, MappingNode):
        names = "、".join(spec.fields)
        faults.append(
            _fault(
                "wrong-type",
                node.span,
                f"“{spec.label}”的每一项要写成字段: 值",
                f"可用的字段：{names}",
            )
        )
        return None
    fields: dict[str, tuple[Item, ...]] = {}
    for key, child in node.entries:
        inner = spec.fields.get(key.text)
        if inner is None:
            faults.append(unknown_field(key, spec.fields))
            continue
        items, problems = read(inner, child)
        faults.extend(problems)
        if items:
            fields[key.text] = items
    written = {key.text for key, _ in node.entries}
    for inner in spec.fields.values():
        if inner.needed is not Needed.OPTIONAL and inner.name not in written:
            message = f"“{spec.label}”的这一项缺少“{inner.label}”（{inner.name}）"
            faults.append(_fault("missing-field", node.span, message, example(inner)))
    return Item(Group(fields), node.span)


def _read_text(spec: FieldSpec, text: str, span: Span, faults: list[Fault]) -> Item | None:
    if spec.maximum is not None and len(text) > spec.maximum:
        message = f"“{spec.label}”有 {len(text)} 个字，上限是 {spec.maximum}"
        faults.append(
            _fault("wrong-length", span, message, f"删去 {len(text) - spec.maximum} 个字")
        )
    elif spec.minimum is not None and len(text) < spec.minimum:
        message = f"“{spec.label}”只有 {len(text)} 个字，至少要 {spec.minimum}"
        faults.append(_fault("wrong-length", span, message, spec.help))
    return Item(text, span)


def _read_number(spec: FieldSpec, text: str, span: Span, faults: list[Fault]) -> Item | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        faults.append(
            _fault("wrong-type", span, f"“{spec.label}”应当是整数，这里是{quoted(text)}", "例如 3")
        )
        return None
    number = int(text)
    if (spec.minimum is not None and number < spec.minimum) or (
        spec.maximum is not None and number > spec.maximum
    ):
        message = f"“{spec.label}”应当在 {spec.minimum} 到 {spec.maximum} 之间，这里是 {number}"
        faults.append(_fault("wrong-type", span, message))
        return None
    return Item(number, span)


def _read_boolean(spec: FieldSpec, text: str, span: Span, faults: list[Fault]) -> Item | None:
    if text.lower() in _TRUE | _FALSE:
        return Item(text.lower() in _TRUE, span)
    message = f"“{spec.label}”应当是 true 或 false，这里是{quoted(text)}"
    faults.append(_fault("wrong-type", span, message, "写 true（是）或 false（否）"))
    return None


def _read_date(spec: FieldSpec, text: str, span: Span, faults: list[Fault]) -> Item | None:
    if text in (dates.UNKNOWN, "不详", "未知"):
        return Item(dates.UNKNOWN, span)
    date = dates.parse(text)
    if date is None or (date.has_time and spec.type is FieldType.DATE):
        forms = "2016-03-01、2016-03、2016 或 unknown"
        if spec.type is FieldType.MOMENT:
            forms = "2016-03-01 09:30、2016-03-01、2016-03 或 2016"
        meant = dates.mend(text, with_time=spec.type is FieldType.MOMENT)
        hint = f"改为“{meant}”" if meant else f"写成 {forms}"
        faults.append(_fault("wrong-type", span, f"“{spec.label}”不是日期：{quoted(text)}", hint))
        return None
    return Item(date, span)


def _read_word(spec: FieldSpec, text: str, span: Span, faults: list[Fault]) -> Item | None:
    assert spec.vocabulary is not None  # the schema loader sees to it
    value = spec.vocabulary.find(text)
    if value is not None:
        return Item(value.id, span)
    best = spec.vocabulary.nearest(text)
    if spec.type is FieldType.ROLE:
        hint = f"改为“{best.label}”" if best else "可用的岗位见 site_config/roles.yml"
        if people.looks_like_name(text):
            # What is nearest to a name is chance, unless the name has the role in it: 李店长.
            if best is None or best.label not in text:
                hint = "写岗位，例如“店长”；可用的岗位见 site_config/roles.yml"
            faults.append(
                _fault(
                    "person-as-role", span, f"“{spec.label}”要写岗位，“{text}”看起来是人名", hint
                )
            )
        else:
            faults.append(_fault("unknown-role", span, f"没有{quoted(text)}这个岗位", hint))
        return None
    hint = f"改为“{best.label}”" if best else _choices(spec)
    faults.append(_fault("unknown-value", span, f"{spec.label}{quoted(text)}不在词表中", hint))
    return None


def _choices(spec: FieldSpec) -> str:
    assert spec.vocabulary is not None
    labels = [value.label for value in spec.vocabulary]
    return "可以写：" + "、".join(labels[:8]) + ("……" if len(labels) > 8 else "")


def _read_plain(_spec: FieldSpec, text: str, span: Span, _faults: list[Fault]) -> Item | None:
    return Item(text, span)


_READERS = {
    FieldType.TEXT: _read_text,
    FieldType.NUMBER: _read_number,
    FieldType.BOOLEAN: _read_boolean,
    FieldType.DATE: _read_date,
    FieldType.MOMENT: _read_date,
    FieldType.ROLE: _read_word,
    FieldType.VOCABULARY: _read_word,
    FieldType.REFERENCE: _read_plain,
    FieldType.ID: _read_plain,
}


def _fault(rule: str, span: Span, message: str, hint: str = "") -> Fault:
    return Fault(rule, Finding(span, message, hint))
