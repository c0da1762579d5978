"""Reads the `columns` of an import map: what is worked out from the table's own columns, step by step."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import partial
from typing import Protocol

from kb_builder.intake import patterns, transforms
from kb_builder.intake.notations import NOTATIONS
from kb_builder.intake.transforms import Computed, Operation
from kb_builder.loader import Config
from kb_builder.model.front_matter import Mapping as MappingNode
from kb_builder.model.front_matter import Node, Scalar
from kb_builder.model.front_matter import Sequence as SequenceNode

USUAL = ("通常",)
"""How dates are read where a map doesn't say."""

_SOURCES = ("column", "join", "value")
_STEPS = {
    "values": (),
    "split": ("part",),
    "match": ("group",),
    "replace": ("with",),
    "date": (),
}
"""Each step with the words that belong to it; all but `replace` may have `otherwise`."""

_KEYS = (*_SOURCES, "by", *_STEPS, "part", "group", "with", "otherwise")
_NUMBER = re.compile(r"-?[1-9]\d?", re.ASCII)


class NameColumn(Protocol):
    """Takes note of a column that is named at a node, and gives its name."""

    def __call__(self, node: Node | None, *, repeats: bool = False) -> str: ...


class ComputedReader:
    """Reads `columns`, in their order; each may use those before it."""

    def __init__(self, config: Config, name_column: NameColumn) -> None:
        self._config = config
        self._name_column = name_column

    def read(self, node: Node | None) -> Iterator[tuple[str, Computed]]:
        """The columns by their names. Raises KbError at the place of the first thing wrong."""
        for name, value in self._config.entries(node).items():
            yield name, self._computed(name, value)

    def _computed(self, name: str, node: Node) -> Computed:
        config = self._config
        nodes = node.items if isinstance(node, SequenceNode) else (node,)
        if not nodes or not all(isinstance(each, MappingNode) for each in nodes):
            raise config.error(node.span, "写成 {column: 列名, …}，或者一步一行的列表")
        steps = [config.entries(each, *_KEYS) for each in nodes]
        source = steps[0]
        given = [word for word in _SOURCES if word in source]
        if len(given) != 1:
            raise config.error(nodes[0].span, "第一步要写 column、join 或 value，也只能写一个")
        for step, each in zip(steps[1:], nodes[1:], strict=True):
            if set(_SOURCES) & set(step):
                raise config.error(each.span, "column、join、value 只能写在第一步里")
        if "by" in source and "join" not in source:
            raise config.error(source["by"].span, "by 要和 join 一起写")
        columns: tuple[str, ...] = ()
        if "column" in source:
            columns = (self._name_column(source["column"]),)
        elif "join" in source:
            items = config.items(source["join"])
            columns = tuple(self._name_column(item, repeats=True) for item in items)
        rest = {key: value for key, value in source.items() if key not in (*_SOURCES, "by")}
        first = [self._operation(rest, nodes[0])] if rest else []
        others = [self._operation(step, at) for step, at in zip(steps[1:], nodes[1:], strict=True)]
        return Computed(
            name=name,
            columns=columns,
            by=self._raw(source["by"]) if "by" in source else "",
            value=config.text(source["value"]) if "value" in source else None,
            operations=(*first, *others),
            notations=read_notations(config, rest["date"]) if "date" in rest else (),
        )

    def _operation(self, step: dict[str, Node], at: Node) -> Operation:
        config = self._config
        verbs = [word for word in step if word in _STEPS]
        if len(verbs) != 1:
            known = "、".join(_STEPS)
            raise config.error(at.span, f"每一步要写 {known} 中的一个，也只能写一个")
        verb = verbs[0]
        for word, node in step.items():
            if word not in (verb, *_STEPS[verb]) and (word != "otherwise" or verb == "replace"):
                raise config.error(node.span, f"{verb} 用不着 {word}")
        otherwise = self._raw(step["otherwise"]) if "otherwise" in step else None
        return Operation(getattr(self, f"_{verb}")(step, step[verb]), otherwise)

    def _values(self, _step: dict[str, Node], node: Node) -> transforms.Transform:
        words = {word: self._raw(value) for word, value in self._config.entries(node).items()}
        if not words:
            raise self._config.error(node.span, "values 里写上“表里的词: 换成的词”")
        return partial(transforms.mapped, words=words)

    def _split(self, step: dict[str, Node], node: Node) -> transforms.Transform:
        by = self._raw(node)
        if not by or "part" not in step:
            raise self._config.error(node.span, "写成 split: 分隔符, part: 第几段")
        return partial(transforms.part, by=by, number=self._number(step["part"]))

    def _match(self, step: dict[str, Node], node: Node) -> transforms.Transform:
        pattern = self._pattern(node)
        group = self._number(step["group"]) if "group" in step else min(1, pattern.groups)
        if not 0 <= group <= pattern.groups:
            span = step.get("group", node).span
            raise self._config.error(span, f"正则表达式里只有 {pattern.groups} 对括号")
        return partial(transforms.matched, pattern=pattern, group=group)

    def _replace(self, step: dict[str, Node], node: Node) -> transforms.Transform:
        pattern = self._pattern(node)
        template = self._raw(step["with"]) if "with" in step else ""
        if transforms.places(template) > pattern.groups:
            message = f"正则表达式里只有 {pattern.groups} 对括号"
            raise self._config.error(step["with"].span, message)
        return partial(transforms.replaced, pattern=pattern, template=template)

    def _date(self, _step: dict[str, Node], node: Node) -> transforms.Transform:
        return partial(transforms.dated, notations=read_notations(self._config, node))

    def _pattern(self, node: Node) -> re.Pattern[str]:
        try:
            return patterns.compiled(self._raw(node))
        except patterns.PatternError as error:
            raise self._config.error(node.span, str(error)) from error

    def _number(self, node: Node) -> int:
        text = self._config.text(node)
        if not _NUMBER.fullmatch(text):
            raise self._config.error(
                node.span, f"这里写 1、2……，或者从末尾数的 -1、-2，不是“{text}”"
            )
        return int(text)

    def _raw(self, node: Node) -> str:
        """A scalar with its spaces and line ends: they may be what separates."""
        self._config.text(node)
        return node.text if isinstance(node, Scalar) else ""


def read_notations(config: Config, node: Node) -> tuple[str, ...]:
    """How dates are written: names of notations, or forms with `%`. Raises KbError for others."""
    for item in config.items(node):
        name = config.text(item)
        if name not in NOTATIONS and not _is_form(name):
            known = "、".join(NOTATIONS)
            message = f"不认识日期的写法“{name}”；可以写：{known}，或者 %Y-%m-%d 这样的"
            raise config.error(item.span, message)
    return config.texts(node) or USUAL


def _is_form(text: str) -> bool:
    """Whether `strptime` reads what `strftime` writes by this form."""
    if "%" not in text:
        return False
    try:
        dt.datetime.strptime(dt.datetime(2020, 1, 2).strftime(text), text)
    except ValueError:
        return False
    return True
