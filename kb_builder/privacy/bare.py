"""Bare names: a full name inside a sentence, with no title, label or word for a person beside it.

No single sign is enough there, so signs are counted: how much the characters are those of a name, and
what the words before and behind say. Each sign has a weight below: roughly how many times oftener it is
seen with names than with other text, 2 for four times, -2 for a quarter. The sum decides. The weights
are by judgement; the lists they belong to are in signs.py and given.py. bare.js is the twin of this module.
"""

from __future__ import annotations

import re

from kb_builder.model.people import SURNAMES
from kb_builder.privacy import given, signs, words
from kb_builder.privacy.denied import DENIED

ENOUGH = 5
"""The sum from which on a candidate is a name."""

SURNAME = {
    **dict.fromkeys((name for name in SURNAMES if len(name) == 1), 2),
    **dict.fromkeys(sorted(signs.ONLY_SURNAMES), 3),
    **dict.fromkeys(sorted(signs.WORDLIKE), 1),
    **dict.fromkeys(sorted(signs.WORDS), 0),
    **dict.fromkeys(sorted(signs.WEAKER), -1),
    **dict.fromkeys(sorted(words.WEAK | signs.UNLIKELY), -2),
}
"""Surnames of one character: those that are words, or parts of common words, say less."""

LEAST = -2
"""The least weight of a character."""

DOUBLES = frozenset(name for name in SURNAMES if len(name) == 2)
DOUBLE, UNSURE_DOUBLE = 5, 3
"""A surname of two characters: hardly anything else begins so, a few aside."""

CHARACTER = {
    **dict.fromkeys(given.GIVEN, 2),
    **dict.fromkeys(given.USUAL, 1),
    **dict.fromkeys(given.ORDINARY, 0),
    **dict.fromkeys(given.FOREIGN, -1),
}
"""Characters of given names: the rarer they are in other text, the more they say; others say nothing."""

CLEAR = 2
"""From this weight on a surname is hardly anything else."""

TWO, CLEAR_TWO = 1, 2
"""A given name of two characters, and one behind a clear surname: by chance, three characters in a row
are like a name less often than two.
"""

TWICE = 1
"""The same character twice: 婷婷."""

BEGINS_AS_WORD = -2
"""The first two characters are an ordinary word: 叶子 in 叶子豪."""

PERSON = 4
"""A word for a person stands before it."""

BEFORE = ((signs.TOLD, 3), (signs.TOWARDS, 2), (signs.WHEN, 1))
"""What may end right before a name; of several lists the first counts."""

AFTER = ((signs.SPEAKS, 3), (signs.BREAKS, -5), (signs.GOES_ON, 1))
"""What may begin right behind a name; of several lists the first counts."""

EDGE = 1
"""Beside it is punctuation, or the text begins or ends."""

LOOSE = 0
"""The character before it is one with which phrases often end."""

DONE = 0
"""Behind it is a verb with 了, 着 or 过."""

INSIDE = -1
"""Beside it is any other character."""

CUTS = -8
"""It cuts a word, with the character before it or the one behind, or ends as places do."""

JOINED = "[一-龥A-Za-z0-9*·]"
"""A character that goes on what stands beside it, rather than parting two clauses."""

VERB = "[一-龥]{1,2}[了着过]"
"""A verb with what says that it was done."""

LONGEST = 5
"""So many characters have the longest words of BEFORE."""

AUTHORS = ("author: ", "作者：", "作者:", "作者", "引了", "引用", "援引")
"""What stands before the author of something cited."""

WORKS = ("《", "著《", "编著《", "的《")
"""What stands behind one."""

ROW = "| 《"
"""How a row of a table begins that cites a book or an article."""

_MOST = 3
_before_last = [(words.by_character(ends, -1), weight) for ends, weight in BEFORE]
_after_first = [(words.by_character(begins, 0), weight) for begins, weight in AFTER]
_joined = re.compile(JOINED)
_verb = re.compile(VERB)


def is_bare_name(text: str, start: int, end: int, *, person: bool) -> bool:
    """Whether the candidate from `start` to `end` is a name by what it is made of and its neighbours;
    `person` says that a word for a person stands before it.
    """
    weight = _likeness(text, start, end, person)
    if weight + (PERSON if person else _MOST) + _MOST < ENOUGH:
        return False
    weight += PERSON if person else _before(text, start)
    if weight + _MOST < ENOUGH or weight + _after(text, end) < ENOUGH:
        return False
    return not (_is_known(text, start, end) or is_author(text, start, end))


def _likeness(text: str, start: int, end: int, person: bool) -> int:
    if end - start > 2 and text[start : start + 2] in DOUBLES:
        weight = UNSURE_DOUBLE if text[start : start + 2] in signs.UNSURE_DOUBLES else DOUBLE
        first = start + 2
    else:
        weight, first = SURNAME[text[start]], start + 1
    if end - first > 1:
        weight += CLEAR_TWO if weight >= CLEAR else TWO
        weight += TWICE if text[first] == text[first + 1] else 0
    pair = text[start : start + 2]
    if pair in DENIED or (end - start > 2 and pair in signs.NOBODY):
        town = pair[1] in signs.TOWN_ENDS and not person
        weight += CUTS if town else BEGINS_AS_WORD
    return weight + sum([CHARACTER.get(char, 0) for char in text[first:end]])


def _before(text: str, start: int) -> int:
    if not start or not _joined.match(text, start - 1):
        return EDGE
    if text[start - 1 : start + 1] in signs.WORD_ENDS:
        return CUTS
    near, last = max(0, start - LONGEST), text[start - 1]
    for ends, weight in _before_last:
        if last in ends and text.endswith(ends[last], near, start):
            return weight
    return LOOSE if text[start - 1] in signs.PHRASE_ENDS else INSIDE


def _after(text: str, end: int) -> int:
    if text[end - 1] in signs.PLACE_ENDS:
        return CUTS
    if not _joined.match(text, end):
        return EDGE
    if text[end - 1 : end + 1] in signs.WORD_BEGINS:
        return CUTS
    first = text[end]
    for begins, weight in _after_first:
        if first in begins and text.startswith(begins[first], end):
            return weight
    return DONE if _verb.match(text, end) else INSIDE


def _is_known(text: str, start: int, end: int) -> bool:
    if text[start:end] in signs.NOBODY or text[start : start + 3] in signs.NOBODY:
        return True
    return text[start : start + 4] in signs.IDIOMS


def is_author(text: str, start: int, end: int) -> bool:
    if text.startswith(WORKS, end) or text.endswith(AUTHORS, 0, start):
        return True
    return text.startswith(ROW, text.rfind("\n", 0, start) + 1)
