"""Persons' names: by surname and given name where the text around speaks of a person, and after labels.

names.js is the twin of this module.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kb_builder.model.people import SURNAMES
from kb_builder.privacy import given, signs, words
from kb_builder.privacy.bare import DOUBLES, is_author, is_bare_name
from kb_builder.privacy.denied import ALSO_NAMES, DENIED
from kb_builder.privacy.forms import names_by_form
from kb_builder.privacy.patterns import END

_DOUBLE = tuple(name for name in SURNAMES if len(name) == 2)
# As surnames 和 and 师 are rare, as words they are everywhere.
_SINGLE = "".join(name for name in SURNAMES if len(name) == 1 and name not in "和师")
_GIVEN = "".join(sorted(given.GIVEN))
# A class of characters comes first and what makes it a surname after that: so it is found several times faster.
_SECOND = "|".join(f"(?<={name[0]}){name[1]}" for name in _DOUBLE)
_NOT_DOUBLE = "(?<![局部会院校市县区厅站店组班厂处科团社公京海](?:长孙|司马|司徒|东方))"
"""Behind these characters some two are no double surname: 部长孙明, 公司马上, 京东方."""

_FIRSTS = "".join(name[0] for name in _DOUBLE)
_BEGIN = f"[{_SINGLE}{_FIRSTS}](?:(?:{_SECOND}){_NOT_DOUBLE}|(?<=[{_SINGLE}]))"
_ANY_BEGIN = _BEGIN.replace(_SINGLE, _SINGLE + "".join(sorted(signs.UNLIKELY)))
_FIRST = f"(?:[{_GIVEN}]|[{given.MIDDLE}](?=[{_GIVEN}]))"
CANDIDATE = f"{_BEGIN}{_FIRST}"
"""How a full name begins: a surname and the first character of a given name."""

SURNAME = f"{_ANY_BEGIN}(?={_FIRST})"
"""The surname of such a beginning, unlikely ones as well. The next may begin right behind it: 师傅石永强."""

_BETWEEN = ':：，,（(“"‘「『|是为叫 　'
BETWEEN = f"[ 　]*[{_BETWEEN[:-2]}]{{0,2}}[ 　]*{END}"
"""What may stand between a word for a person and the name."""

_DUTIES = "|".join(f"(?<={word}.)" for word in words.DUTIES)
_OPENED = '（(“"‘「『|'
FIELD = (
    f"(?:{'|'.join(sorted((*words.FIELDS, '姓[ 　]+名', '名[ 　]+字'), key=len, reverse=True))})"
    "(?<!用户名)(?<!商户名)(?<!管理法人)"
    "[ 　]*(?:[(（][一-龥]{1,6}[)）])?(?:[:：|=]|是|为|(?=[（(])|(?<=名)[ 　](?=[一-龥]))[ 　（(“\"'|]*"
    f"([{_SINGLE}][ ]{{1,2}}[{_GIVEN}](?![一-龥])|[一-龥]{{1,4}}(?:·[一-龥]{{1,6}}){{0,2}}|[A-Za-z][a-z]+(?:[ ][A-Z][a-z]+){{0,2}})"
)
DUTY = (
    f"(?<=[{''.join(sorted({word[-1] for word in words.DUTIES}))}].)(?:{_DUTIES})[ 　]{{0,2}}"
    f"([{_SINGLE}][ ]{{1,2}}[{_GIVEN}](?![一-龥])|[一-龥]{{2,4}}(?![一-龥]))"
)
"""A name behind one of words.DUTIES and a colon."""

COLONS = ":："

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

_LIST_ENDS = "、，,/／和及与 "
LIST = "(?:、|，|,|/|／|[ ]和|和|及|与|[ ])[ ]?"
"""What stands between the names of a list."""

LONGEST_TITLE = 30
"""So far before a name the title may begin that holds it, in characters."""

_before = words.by_character(words.BEFORE, -1)
_honorifics = words.by_character(words.HONORIFICS, 0)
_places = words.by_character(words.PLACES, 0)
_following = words.by_character(words.FOLLOWING, 0)
_after = words.by_character(words.AFTER, 0)
_candidate = re.compile(CANDIDATE)
_surname = re.compile(SURNAME)
_between = re.compile(BETWEEN)
_field = re.compile(FIELD)
# Each with one first character: so it is found several times faster.
_duties = [re.compile(colon + DUTY) for colon in COLONS]
_latin_field = re.compile(LATIN_FIELD)
_sure_field = re.compile(words.SURE_FIELDS)
_separator = re.compile(SEPARATOR)
_birthday = re.compile(BIRTHDAY)
_list_before = re.compile(LIST + END)
_HAN = re.compile("[一-龥]")


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
    for start, end in names_by_form(text):
        cited = _is_in_title(text, start) or is_author(text, start, end)
        if text[start:end] not in allowed and not cited:
            sure.setdefault(start, end)
    for name in labelled:
        sure[name.start] = name.end
    candidates = _full_names(text, allowed, sure)
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
            if at not in taken and not _is_place(text, at + len(full)):
                yield Name(at, at + len(full))
                taken.add(at)
            at = text.find(full, at + len(full))


def _full_names(text: str, allowed: Collection[str], sure: dict[int, int]) -> list[tuple[int, int]]:
    """Adds to `sure` the names of surname and given name; gives what may be some for another reason."""
    candidates: list[tuple[int, int]] = []
    taken_to = 0
    for match in _surname.finditer(text):
        start, first = match.start(), match.end() + 1
        if start in sure or start < taken_to:
            continue
        found = _end(text, start, first)
        if found is None:
            continue
        word = text[start:first] in DENIED
        if word and found == start + 2 and not _is_also_a_name(text, start, found):
            continue
        if text[start:found] in allowed or _is_place(text, found):
            continue
        person = _follows_person(text, start)
        if text[start] in signs.UNLIKELY and not person:
            continue
        known = (not word or found == start + 2) and _spoken_of(text, start, found, person)
        if not known and not is_bare_name(text, start, found, person=person):
            candidates.append((start, found))
        elif not _is_in_title(text, start):
            taken_to = sure[start] = _rare(text, start, found) if known else found
    return candidates


def _is_in_title(text: str, start: int) -> bool:
    """Whether that stands in the title of a book or the like."""
    opened = text.rfind("《", max(0, start - LONGEST_TITLE), start)
    return opened >= 0 and "》" not in text[opened:start]


def _is_place(text: str, end: int) -> bool:
    """Whether a place's name goes on there."""
    return text.startswith(_places.get(text[end : end + 1], ()), end)


def is_name(text: str) -> bool:
    """Whether a text as a whole has the form of a full name.

    >>> is_name("张伟"), is_name("欧阳明"), is_name("高兴"), is_name("张先生")
    (True, True, False, False)
    """
    match = _candidate.match(text)
    if match is None or len(text) - match.end() > 1:
        return False
    if text in DENIED or text[:2] in DENIED or text[-1] in words.NOT_LAST:
        return False
    if text.startswith(words.HONORIFICS, match.end() - 1):
        return False
    return len(text) == match.end() or text[-1] in given.GIVEN


def _full(text: str, start: int, end: int) -> int | None:
    """Where the name that begins like one ends; None where it is none, or begins with a word."""
    return None if text[start:end] in DENIED else _end(text, start, end)


def _is_also_a_name(text: str, start: int, end: int) -> bool:
    """Whether an ordinary word stands where only somebody's name would."""
    if text[start:end] not in ALSO_NAMES:
        return False
    if not _spoken_of(text, start, end, _follows_person(text, start)):
        return False
    return not _HAN.match(text, end) or text.startswith((*signs.SPEAKS, *signs.GOES_ON), end)


def _end(text: str, start: int, end: int) -> int | None:
    """Where the name that begins like one ends; None where it is none."""
    last = text[end - 1]
    if last in _honorifics and text.startswith(_honorifics[last], end - 1):
        return None
    third = text[end : end + 1]
    if (
        third in given.GIVEN
        and third not in words.NOT_LAST
        and text[end : end + 2] not in signs.WORD_BEGINS
        and text[start : end + 1] not in DENIED
        and (
            not text.startswith(_following.get(third, ()), end)
            or (
                text.startswith(words.FOLLOWING, end + 1)
                and not text.startswith(words.FOLLOWING_SURE, end)
            )
        )
    ):
        return end + 1
    if last in words.NOT_LAST or last in given.MIDDLE or text[start:end] in DOUBLES:
        return None
    return end


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


def _spoken_of(text: str, start: int, end: int, person: bool) -> bool:
    """Whether the words around say that this is a person; `person`: those before do."""
    if text[start] in signs.UNLIKELY:
        return False
    if text.startswith(_after.get(text[end : end + 1], ()), end):
        return True
    if end - start == 2 and text[start] in words.WEAK and _HAN.match(text, end):
        return False
    if person:
        return True
    return text.endswith(words.LINKS, max(0, start - 1), start) and text.startswith(
        words.DEEDS, end
    )


def _follows_person(text: str, start: int) -> bool:
    """Whether a word for a person stands before it, with what may stand between."""
    if _is_person(text, start):
        return True
    if not start or text[start - 1] not in _BETWEEN:
        return False
    between = _between.search(text, max(0, start - 8), start)
    return between is not None and between.start() < start and _is_person(text, between.start())


def _is_person(text: str, end: int) -> bool:
    """Whether a word for a person ends there."""
    return text.endswith(_before.get(text[end - 1], ()), 0, end)


def _lists(text: str, candidates: list[tuple[int, int]], sure: dict[int, int]) -> None:
    """Adds to `sure` what stands in one list with a name."""
    ends = set(sure.values())
    for start, end in candidates:
        if text[start - 1 : start] not in _LIST_ENDS:
            continue
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
    for match in (match for duty in _duties for match in duty.finditer(text)):
        whole = " " in match[1] or is_name(match[1])
        if whole and _names_somebody(match[1], allowed):
            yield Name(match.start(1), match.end(1), labelled=True)
    for match in _field.finditer(text):
        value, end = match[1], match.end(1)
        if text.startswith("*", end):
            continue
        if _HAN.match(value) and " " in value:
            if _names_somebody(value, allowed):
                yield Name(match.start(1), end, labelled=True)
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
