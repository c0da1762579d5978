"""Columns worked out from others: joined, split, mapped, searched by pattern, read as dates.

Pure functions from text to text. Where one has nothing for a text it raises `Miss`, and the row is
refused with that reason, or gets what the map says instead and a note; never nothing without a word.
An empty text stays empty: that a field is needed is said where the field is filled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kb_builder.intake import patterns
from kb_builder.intake.notations import read
from kb_builder.intake.plain_text import cut

T = TypeVar("T")

_CANONICAL = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?", re.ASCII)
_PLACE = re.compile(r"\{(\d)\}", re.ASCII)
Transform = Callable[[str], str]
"""Makes one text of another, or raises `Miss`."""

_SHOWN = 40
"""How much of a text a reason quotes, in characters."""


class Miss(ValueError):  # noqa: N818 - a row is missed, the program has not failed
    """A text that a step has nothing for; says why, in the editor's words."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One step. `otherwise` is the column's text where it misses, and the last step then; None
    refuses the row.
    """

    apply: Transform
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """A column worked out: from the texts of `columns` joined by `by`, or from one fixed `value`.

    `notations` are those of its first step if that reads dates: such a text is no personal number.
    """

    name: str
    columns: tuple[str, ...]
    by: str = ""
    value: str | None = None
    operations: tuple[Operation, ...] = ()
    notations: tuple[str, ...] = ()

    def compute(self, texts: Sequence[str]) -> tuple[str, str]:
        """The text made of those of `columns`, and a note on what had to be replaced.

        Raises Miss, which names the column.
        """
        text = joined(texts, self.by) if self.value is None else self.value
        for operation in self.operations:
            if not text:
                break
            try:
                text = operation.apply(text)
            except Miss as miss:
                if operation.otherwise is None:
                    raise Miss(f"“{self.name}”：{miss}") from None
                instead = operation.otherwise
                done = f"写成“{instead}”" if instead else "空着"
                return instead, f"“{self.name}”：{miss}，{done}"
        return text, ""


def joined(texts: Iterable[str], by: str) -> str:
    """The texts that aren't empty, one after the other.

    >>> joined(["湖南", "", "长沙"], "-")
    '湖南-长沙'
    """
    return by.join(text for text in texts if text)


def mapped(text: str, words: Mapping[str, str]) -> str:
    """What a word means.

    >>> mapped("公众号", {"公众号": "社交媒体"})
    '社交媒体'
    """
    if text not in words:
        raise Miss(f"“{cut(text, _SHOWN)}”不在 values 里")
    return words[text]


def part(text: str, by: str, number: int) -> str:
    """One part of a text, from the first (1) on or from the last (-1) back.

    >>> part("手机/屏幕/碎裂", "/", 2), part("手机/屏幕/碎裂", "/", -1)
    ('屏幕', '碎裂')
    """
    parts = text.split(by)
    if abs(number) > len(parts):
        raise Miss(
            f"“{cut(text, _SHOWN)}”用“{by}”分开只有 {len(parts)} 段，没有第 {abs(number)} 段"
        )
    return parts[number - 1 if number > 0 else number].strip()


def matched(text: str, pattern: re.Pattern[str], group: int) -> str:
    """What a group of an expression matches, on the first line where it does.

    >>> matched("【手机】屏幕碎了", patterns.compiled("^【(.+?)】"), 1)
    '手机'
    """
    found = _tried(text, lambda: patterns.find(pattern, text))
    if found is None:
        raise Miss(f"“{cut(text, _SHOWN)}”里找不到“{pattern.pattern}”")
    return (found[group] or "").strip()


def replaced(text: str, pattern: re.Pattern[str], template: str) -> str:
    """The text with something else for all that an expression matches; `{1}` is its first group.

    Where it matches nothing the text stays as it is: there was nothing to replace.

    >>> replaced("2:05 PM;agent7;换新", patterns.compiled("^([^;]*);[^;]*;"), "{1} ")
    '2:05 PM 换新'
    """

    def spelled(match: re.Match[str]) -> str:
        return _PLACE.sub(lambda place: match[int(place[1])] or "", template)

    def all_lines() -> str:
        return "\n".join(pattern.sub(spelled, line) for line in patterns.lines(text))

    return _tried(text, all_lines)


def places(template: str) -> int:
    """The highest group that a template names.

    >>> places("{1}年{2}月")
    2
    """
    return max((int(number) for number in _PLACE.findall(template)), default=0)


def dated(text: str, notations: Sequence[str]) -> str:
    """The canonical form of a date; what already has it, such as a spreadsheet's own dates, stays.

    >>> dated("2/1/2020 15:04", ["日月年"])
    '2020-01-02 15:04'
    """
    found = read(text, notations) or (text if _CANONICAL.fullmatch(text) else None)
    if found is None:
        raise Miss(f"“{cut(text, _SHOWN)}”不是日期（{'、'.join(notations)}）")
    return found


def _tried(text: str, search: Callable[[], T]) -> T:
    try:
        return search()
    except patterns.PatternError as error:
        raise Miss(f"“{cut(text, 12)}”{error}") from None
