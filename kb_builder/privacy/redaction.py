"""Takes personal data out of a text: the same person or number gets the same mark throughout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kb_builder.privacy import words
from kb_builder.privacy.categories import Category
from kb_builder.privacy.gate import Disclosure, Gate

# 丁 and 辛 are surnames: with the word after it, “客户丁” would look like a name.
PERSONS = "甲乙丙戊己庚壬癸"
_CIRCLED = (
    "".join(map(chr, range(0x2460, 0x2474)))
    + "".join(map(chr, range(0x3251, 0x3260)))
    + "".join(map(chr, range(0x32B1, 0x32C0)))
)
_NO_NOUNS = [
    "我叫",
    "名叫",
    "他叫",
    "她叫",
    "就叫",
    "叫做",
    "我是",
    "他是",
    "她是",
    "人是",
    "化名",
    "真名",
    "全名",
    "本人",
    "先生",
    "女士",
    "小姐",
    "联系人",
    "新人",
]
NOUNS = tuple(word for word in words.BEFORE if word not in _NO_NOUNS)
_DATE = "日期"
_PAIRS = ("***", "**", "*", "__", "~~", "`")

Spare = Callable[[str, Disclosure], bool]
"""(text, what is found in it) → whether it stays."""


@dataclass(slots=True)
class Marks:
    """What stands for whom, in one text or several that belong together."""

    _marks: dict[tuple[str, str], str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def of(self, found: Disclosure) -> str:
        """The mark of a disclosure, new for a value not seen before."""
        word = found.category.wording.mark
        if found.category is Category.LABELLED and found.value[0].isdigit():
            word = _DATE
        if (word, found.value) not in self._marks:
            count = self._counts[word] = self._counts.get(word, 0) + 1
            self._marks[word, found.value] = word + _numbered(word, count)
        return self._marks[word, found.value]

    @property
    def known(self) -> tuple[str, ...]:
        """The values seen so far."""
        return tuple(value for _, value in self._marks)


def _never(_text: str, _found: Disclosure) -> bool:
    return False


def redact(text: str, gate: Gate, marks: Marks | None = None, spare: Spare = _never) -> str:
    """The text with a mark in the place of everything the gate finds and `spare` doesn't keep.

    The result has no findings but the spared ones; line ends stay, so line numbers do too.
    """
    marks = marks if marks is not None else Marks()
    # A mark may give its neighbours another look: in a list of numbers each becomes the label of the next. Every pass
    # leaves less to find, so more of them than there are characters would be a bug.
    for _ in range(len(text) + 1):
        found = [
            each
            for each in gate.find(text)
            if each.value not in gate.reviewed and not spare(text, each)
        ]
        if not found:
            return text
        text = _replaced(text, found, marks)
    raise AssertionError("redaction does not come to an end")


def _replaced(text: str, found: list[Disclosure], marks: Marks) -> str:
    parts: list[str] = []
    at = 0
    for each in found:
        start, end = _whole(text, each)
        start = max(start, at)
        parts.append(text[at:start])
        mark = marks.of(each)
        # “客户张伟” becomes “客户甲”, and “店员李娜” “店员乙”.
        before = text[max(0, start - 12) : start].rstrip("*_~`")
        noun = each.category.wording.mark
        if each.category in (Category.NAME, Category.LABELLED) and mark.startswith(noun):
            mark = mark.removeprefix(noun) if before.endswith(NOUNS) else mark
        parts.append(mark + "\n" * text.count("\n", start, end))
        at = end
    parts.append(text[at:])
    return "".join(parts)


def _whole(text: str, found: Disclosure) -> tuple[int, int]:
    """The stretch with the other half of a pair of marks that begins or ends inside it."""
    start, end = found.start, found.end
    for mark in _PAIRS:
        if text.count(mark, start, end) % 2:
            if text.endswith(mark, 0, start):
                return start - len(mark), end
            if text.startswith(mark, end):
                return start, end + len(mark)
    return start, end


def _numbered(word: str, count: int) -> str:
    if word == Category.NAME.wording.mark:
        return PERSONS[count - 1] if count <= len(PERSONS) else str(count)
    return _CIRCLED[count - 1] if count <= len(_CIRCLED) else f"（{count}）"
