"""Persons' names: by surname and given name where the text around speaks of a person, and after labels.

names.js is the twin of this module.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kb_builder.model.people import SURNAMES
from kb_builder.privacy import words
from kb_builder.privacy.patterns import END

_DOUBLE = tuple(name for name in SURNAMES if len(name) == 2)
# As surnames 和 and 师 are rare, as words they are everywhere.
_SINGLE = "".join(name for name in SURNAMES if len(name) == 1 and name not in "和师")
_GIVEN = "".join(sorted(words.GIVEN))
CANDIDATE = f"(?:{'|'.join(_DOUBLE)}|[{_SINGLE}])(?:[{_GIVEN}]|[{words.MIDDLE}](?=[{_GIVEN}]))"
"""How a full name begins: a surname and the first character of a given name."""

BETWEEN = '[ 　]*[:：，,（(“"‘「『|是为叫]{0,2}[ 　]*' + END
"""What may stand between a word for a person and the name."""

_OPENED = '（(“"‘「『|'
FIELD = (
    f"(?:{'|'.join(sorted((*words.FIELDS, '姓[ 　]+名', '名[ 　]+字'), key=len, reverse=True))})"
    "(?<!用户名)(?<!商户名)(?<!管理法人)"
    "[ 　]*(?:[(（][一-龥]{1,6}[)）])?(?:[:：|=]|是|为|(?=[（(])|(?<=名)[ 　](?=[一-龥]))[ 　（(“\"'|]*"
    "([一-龥]{1,4}(?:·[一-龥]{1,6}){0,2}|[A-Za-z][a-z]+(?:[ ][A-Z][a-z]+){0,2})"
)
LATIN_FIELD = (
    f"(?<![A-Za-z_])(?:{'|'.join(words.LATIN_FIELDS)})[ ]?[:=][ ]?[\"']?"
    "([A-Z][a-z]+(?:[ ][A-Z][a-z]+){1,2}|[一-龥]{2,4})(?![一-龥A-Za-z*])"
)
BIRTHDAY = (
    f"(?:{'|'.join(words.BIRTHDAYS)})[ 　]*[:：|=为是]*[ 　]*"
    "((?:19|20)[0-9]{2}(?:[\\-/.年 ]{1,2}[01]?[0-9][\\-/.月 ]{1,2}[0-3]?[0-9]日?|[01][0-9][0-3][0-9]))"
)
SEPARATOR = "[:：|=是为(（]"
"""What stands between a label and its value; a blank alone is none."""

LIST = "(?:、|，|,|/|／|[ ]和|和|及|与)[ ]?"
"""What stands between the names of a list."""

JOINED = "[一-龥A-Za-z0-9*·]"
"""A character that goes on what stands beside it, rather than parting two clauses."""

_candidate = re.compile(CANDIDATE)
_between = re.compile(BETWEEN)
_field = re.compile(FIELD)
_latin_field = re.compile(LATIN_FIELD)
_sure_field = re.compile(words.SURE_FIELDS)
_separator = re.compile(SEPARATOR)
_birthday = re.compile(BIRTHDAY)
_list_before = re.compile(LIST + END)
_HAN = re.compile("[一-龥]")
_JOINED = re.compile(JOINED)


@dataclass(frozen=True, slots=True)
class Name:
    """Where a name stands in the text as read; `labelled` where a label says that it is one."""

    start: int
    end: int
    labelled: bool = False


def find_names(text: str, allowed: Collection[str] = ()) -> Iterator[Name]:
    """The names in a text as read, not in order; `allowed` are words that name nobody."""
    sure: dict[int, int] = {}
    labelled = list(_labelled(text, allowed))
    for name in labelled:
        sure[name.start] = name.end
    candidates: list[tuple[int, int]] = []
    for match in _candidate.finditer(text):
        start = match.start()
        if start in sure:
            continue
        found = _full(text, start, match.end())
        if found is None or text[start:found] in allowed or text.startswith(words.PLACES, found):
            continue
        if _spoken_of(text, start, found):
            sure[start] = _rare(text, start, found)
        else:
            candidates.append((start, found))
    yield from labelled
    taken = {name.start for name in labelled}
    _lists(text, candidates, sure)
    known = {text[start:end] for start, end in sure.items() if _candidate.match(text, start, end)}
    for start, end in sorted(sure.items()):
        if start not in taken:
            yield Name(start, end)
            taken.add(start)
    # Somebody named once as a person is the same person in the rest of the text.
    for full in sorted(known, key=lambda each: (-len(each), each)):
        at = text.find(full)
        while at >= 0:
            if at not in taken:
                yield Name(at, at + len(full))
                taken.add(at)
            at = text.find(full, at + len(full))


def is_name(text: str) -> bool:
    """Whether a text as a whole has the form of a full name.

    >>> is_name("张伟"), is_name("欧阳明"), is_name("高兴"), is_name("张先生")
    (True, True, False, False)
    """
    match = _candidate.match(text)
    if match is None or len(text) - match.end() > 1:
        return False
    if text in words.DENIED or text[:2] in words.DENIED or text[-1] in words.NOT_LAST:
        return False
    if text.startswith(words.HONORIFICS, match.end() - 1):
        return False
    return len(text) == match.end() or text[-1] in words.GIVEN


def _full(text: str, start: int, end: int) -> int | None:
    """Where the name that begins like one ends; None where it is none."""
    short = text[start:end]
    if len(short) == 2 and short in words.DENIED:
        return None
    if text.startswith(words.HONORIFICS, end - 1):
        return None
    third = text[end : end + 1]
    longer = text[start : end + 1]
    if (
        third in words.GIVEN
        and third not in words.NOT_LAST
        and longer not in words.DENIED
        and (
            not text.startswith(words.FOLLOWING, end)
            or (
                text.startswith(words.FOLLOWING, end + 1)
                and not text.startswith(words.FOLLOWING_SURE, end)
            )
        )
    ):
        return end + 1
    return None if short[-1] in words.NOT_LAST or short[-1] in words.MIDDLE else end


def _rare(text: str, start: int, end: int) -> int:
    """Where a name of two characters ends that goes on with one that is rare in names."""
    if end - start != 2 or not _HAN.match(text, end):
        return end
    if text.startswith((*words.FOLLOWING, *words.AFTER, *words.DEEDS), end):
        return end
    after = text[end + 1 : end + 2]
    if not _HAN.match(after) or after in words.GOES_ON or text.startswith(words.AFTER, end + 1):
        return end + 1
    return end


def _spoken_of(text: str, start: int, end: int) -> bool:
    """Whether the words around say that this is a person."""
    if text.startswith(words.AFTER, end):
        return True
    if end - start == 2 and text[start] in words.WEAK and _HAN.match(text, end):
        return False
    between = _between.search(text, max(0, start - 8), start)
    word_end = between.start() if between else start
    if text.endswith(words.BEFORE, max(0, start - 5), start) or text.endswith(
        words.BEFORE, max(0, word_end - 5), word_end
    ):
        return True
    if text.endswith(words.LINKS, max(0, start - 1), start) and text.startswith(words.DEEDS, end):
        return True
    return _stands_alone(text, start, end)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether three characters are so much like a name that its place in the clause is enough."""
    if (
        end - start < 3
        or text[start] in words.WEAK
        or text[end - 1] in words.NOT_ALONE_LAST
        or text.startswith(words.NOT_ALONE, start)
    ):
        return False
    goes_on = text.startswith(words.ALONE_AFTER, end)
    if not _JOINED.match(text, max(0, start - 1), start):
        return goes_on
    # 由于, 对于 and their like are words.
    if text[start] == "于" or not text.endswith(words.ALONE_BEFORE, max(0, start - 2), start):
        return False
    return goes_on or not _JOINED.match(text, end)


def _lists(text: str, candidates: list[tuple[int, int]], sure: dict[int, int]) -> None:
    """Adds to `sure` what stands in one list with a name."""
    ends = set(sure.values())
    for start, end in candidates:
        before = _list_before.search(text, max(0, start - 3), start)
        if before is not None and before.start() in ends and not _HAN.match(text, end):
            sure[start] = end
            ends.add(end)


def _labelled(text: str, allowed: Collection[str]) -> Iterator[Name]:
    if any(word in text for word in words.BIRTHDAYS):
        for match in _birthday.finditer(text):
            yield Name(match.start(1), match.end(1), labelled=True)
    for match in (
        _latin_field.finditer(text) if any(word in text for word in words.LATIN_FIELDS) else ()
    ):
        if _names_somebody(match[1], allowed):
            yield Name(match.start(1), match.end(1), labelled=True)
    for match in _field.finditer(text):
        value, end = match[1], match.end(1)
        if text.startswith("*", end):
            continue
        name = _candidate.match(value)
        # 联系人 is always somebody; 业主 and 名字 may be followed by what they say or what has a name.
        sure = _sure_field.search(text, match.start(), match.start(1)) and _separator.search(
            text, match.start(), match.start(1)
        )
        if name is None and not sure:
            continue
        if name is not None and (full := _full(text, match.start(1), match.start(1) + name.end())):
            end = _rare(text, match.start(1), full)
            value = text[match.start(1) : end]
        elif _HAN.match(text, end):
            continue  # a longer word, such as a company's name
        if _names_somebody(value, allowed):
            yield Name(match.start(1), end, labelled=True)


def _names_somebody(value: str, allowed: Collection[str]) -> bool:
    if value in allowed or any(value.endswith(word) for word in allowed):
        return False
    if _HAN.match(value):
        return len(value) > 1 and not any(word in value for word in words.NOT_VALUES)
    return value[0].isupper() and " " in value
