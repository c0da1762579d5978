"""What a reader types, taken apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from kb_builder.analysis.folding import HAN, fold

# Readers paste whole complaints; more than this is a mistake, and is cut off.
MAX_QUERY = 10_000
# Each phrase is one pass over the postings.
MAX_PHRASES = 16

# A quotation counts when it stands by itself, with white space or nothing around it: inside pasted
# text, quotation marks are just punctuation.
_PART = re.compile(
    r"""(?<!\S)([-－]?)(?:"([^"]+)"|“([^“”]+)”|”([^“”]+)”|「([^「」]+)」|『([^『』]+)』|＂([^＂]+)＂)(?!\S)"""
    r"""|(?<!\S)[-－]([^\s\-－]\S*)"""
)
_BLANKS = re.compile(r"\s+")
_FIELD = re.compile(r"""(^|\s)([^\s:：“”"]{1,20})[:：](?:"([^"]+)"|“([^”]+)”|([^\s"“]+))(?=\s|$)""")

_Chosen = TypeVar("_Chosen")


@dataclass(frozen=True, slots=True)
class Query:
    """A query: free text, of which any word is enough, and contiguous texts to hold or not to hold.

    `phrases` and `excluded` are folded. `shortened` says that the query was longer than
    `MAX_QUERY` characters and the rest was not read.
    """

    text: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    shortened: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it asks for nothing in particular, so that every document answers it."""
        return not self.text and not self.phrases

    def relax(self) -> Query:
        """The same with its phrases as free text."""
        return Query(" ".join((self.text, *self.phrases)), (), self.excluded, self.shortened)


def parse(text: str) -> Query:
    """Read a query.

    - `座椅套 没货`: several words mean any of them, best first.
    - `"三包凭证"`, `“三包凭证”`, `「三包凭证」`: this contiguous text.
    - `-退货`, `-"七天退货"`: not this contiguous text.

    Every text is a query; there are no errors.
    """
    shortened = len(text) > MAX_QUERY
    phrases: list[str] = []
    excluded: list[str] = []

    def take(match: re.Match[str]) -> str:
        minus, *quoted, word = match.groups()
        phrase = fold(next((q for q in quoted if q), word or ""))
        chosen = excluded if minus or word else phrases
        if not _TERM.search(phrase) or len(chosen) >= MAX_PHRASES:
            return match.group() if chosen is phrases else " "
        if phrase not in chosen:
            chosen.append(phrase)
        return " "

    rest = _PART.sub(take, text[:MAX_QUERY])
    rest = _BLANKS.sub(" ", rest).strip()
    return Query(rest, tuple(phrases), tuple(excluded), shortened)


def take_fields(
    text: str, resolve: Callable[[str, str], _Chosen | None]
) -> tuple[str, list[_Chosen]]:
    """Take 投诉类型:服务 out of a text where field and value are known; the rest stays.

    `resolve(field, value)` says what the two mean, in the reader's words; None for nothing.

    >>> take_fields("退货 年份:2016 时间：下午", lambda *pair: pair if pair[0] == "年份" else None)
    ('退货  时间：下午', [('年份', '2016')])
    """
    chosen: list[_Chosen] = []

    def take(match: re.Match[str]) -> str:
        before, field, *values = match.groups()
        found = resolve(field, next(value for value in values if value))
        if found is None:
            return match.group()
        chosen.append(found)
        return before

    return _FIELD.sub(take, text), chosen


def contains(folded: str, phrase: str) -> bool:
    """Whether a folded text holds a folded phrase as contiguous text.

    A match may not begin or end inside a Latin word or a number (5天 is not in 15天).
    """
    return phrase in folded and _matcher(phrase).search(folded) is not None


_TERM = re.compile(r"[^\W_]")
_LETTER = rf"[^\W\d_{HAN}]"


@lru_cache(maxsize=256)
def _matcher(phrase: str) -> re.Pattern[str]:
    before, after = _edge(phrase[0]), _edge(phrase[-1])
    return re.compile(
        (f"(?<!{before})" if before else "") + re.escape(phrase) + (f"(?!{after})" if after else "")
    )


def _edge(char: str) -> str:
    """What may not stand beside `char`, as a regular expression; empty for anything may."""
    if re.match(r"\d", char):
        return r"\d"
    return _LETTER if re.match(_LETTER, char) else ""


def find(folded: str, term: str, *, loose: bool = False) -> list[tuple[int, int]]:
    """Where a folded text holds a folded term or phrase: start and end, none overlapping.

    `loose` allows a match to begin or end inside a Latin word or a number.
    """
    if term not in folded:
        return []
    if loose:
        return [match.span() for match in re.finditer(re.escape(term), folded)]
    return [match.span() for match in _matcher(term).finditer(folded)]
