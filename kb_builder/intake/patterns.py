"""Regular expressions of an import map, kept to those that cannot run away.

Python's `re` tries again and again: `(a+)+b` takes hours for thirty letters. A time limit would refuse
a row on a busy machine and take it on an idle one, so the limit is worked out beforehand, from
the expression alone: what is repeated holds no repeat and no choice, and the number of ways in
which its repeats can share a line, times the places where they can begin, stays in a budget.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_LINE = 2000
"""The longest line an expression is tried on, in characters."""

MAX_TEXT = 100_000
"""The longest text whose lines are tried, in characters."""

MAX_STEPS = 20_000_000
"""The budget: the most steps one line may take, about a second."""

_MAX_PATTERN = 300
_TOKEN = re.compile(
    r"""(?P<open>\((?:\?:)?)
      | (?P<close>\))
      | (?P<choice>\|)
      | (?P<anchor>[\^$]|\\[bB])
      | (?P<repeat>(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?)
      | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
      | (?P<class>\.|\\[dDwWsS])
      | (?P<literal>\\.|[^\\])
    """,
    re.VERBOSE | re.DOTALL,
)
_COUNT = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")


class PatternError(ValueError):
    """An expression that is not allowed; the text says why, in the editor's words."""


@dataclass(slots=True)
class _Atom:
    """A part of an expression: its kind, its text, and how often it is repeated."""

    kind: str
    text: str
    least: int = 1
    most: int = 1

    @property
    def is_repeat(self) -> bool:
        return self.least != self.most or self.most > 1


def compiled(text: str) -> re.Pattern[str]:
    """The expression, `^` and `$` at the ends of lines; raises PatternError if it is not allowed.

    >>> compiled("^【(.+?)】").search("【手机】屏幕碎了")[1]
    '手机'
    >>> compiled("(a+)+b")
    Traceback (most recent call last):
    kb_builder.intake.patterns.PatternError: 重复里面又有重复，遇到长文字会算不完
    """
    if len(text) > _MAX_PATTERN:
        raise PatternError(f"正则表达式最多 {_MAX_PATTERN} 个字")
    try:
        pattern = re.compile(text)
    except (re.error, OverflowError) as error:
        raise PatternError(f"正则表达式写错了：{error}") from error
    atoms = _atoms(text)
    _refuse_nesting(atoms)
    if _steps(atoms) > MAX_STEPS:
        raise PatternError(
            "能重复的部分太多，遇到长文字会算不完；写清它停在哪个字前面，例如把“.*；”写成“[^；]*；”"
        )
    return pattern


def find(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match on a line of the text. Raises PatternError where the text is too long."""
    return next((match for line in lines(text) if (match := pattern.search(line))), None)


def lines(text: str) -> Iterator[str]:
    """The lines of a text. Raises PatternError where it, or one of them, is too long to be tried."""
    found = text.split("\n")
    longest = max(map(len, found))
    if longest > MAX_LINE:
        raise PatternError(f"一行有 {longest} 个字，正则表达式只查 {MAX_LINE} 字以内的")
    if len(text) > MAX_TEXT:
        raise PatternError(f"有 {len(text)} 个字，正则表达式只查 {MAX_TEXT} 字以内的")
    yield from found


def _atoms(text: str) -> list[_Atom]:
    atoms: list[_Atom] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # every character is a token
        assert match.lastgroup is not None
        at = match.end()
        kind, token = match.lastgroup, match[0]
        if kind == "open" and text.startswith("?", at):
            raise PatternError("括号里的“?”只能写成“(?:”")
        if kind == "literal" and len(token) == 2 and token[1] in "123456789gkuUxNAZ0":
            raise PatternError(f"不能用“{token}”")
        if kind == "repeat":
            atoms[-1].least, atoms[-1].most = _range(token)
        else:
            atoms.append(_Atom(kind, token))
    return atoms


def _range(token: str) -> tuple[int, int]:
    if token[0] in "*+?":
        return {"*": (0, MAX_LINE), "+": (1, MAX_LINE), "?": (0, 1)}[token[0]]
    match = _COUNT.match(token)
    assert match is not None  # the token has this form
    least = int(match[1])
    if not match[2]:
        return least, least
    return least, int(match[3]) if match[3] else MAX_LINE


def _refuse_nesting(atoms: list[_Atom]) -> None:
    """Raises PatternError where a group that is repeated holds a repeat or a choice."""
    inside: list[bool] = []
    for atom in atoms:
        if atom.kind == "open":
            inside.append(False)
            continue
        restless = atom.kind == "choice" or atom.is_repeat
        if atom.kind == "close":
            if inside.pop() and atom.most > 1:
                raise PatternError("重复里面又有重复，遇到长文字会算不完")
            restless = atom.is_repeat
        if restless:
            inside = [True] * len(inside)


def _steps(atoms: list[_Atom]) -> int:
    """The most steps on a line: for each place to begin at, all ways to share it among those
    repeats that could end in several places, and for each of these one walk of the others.
    """
    choices = sum(atom.kind == "choice" for atom in atoms)
    anchored = bool(atoms) and atoms[0].text == "^" and not choices
    steps = (1 if anchored else MAX_LINE) << choices
    walk = 1
    for index, atom in enumerate(atoms):
        width = min(atom.most, MAX_LINE) - min(atom.least, MAX_LINE) + 1
        if width == 1:
            continue
        if _is_settled(atoms, index):
            walk = max(walk, width)
        else:
            steps *= width
    return steps * walk


def _is_settled(atoms: list[_Atom], index: int) -> bool:
    """Whether a repeat can end in one place only: before a character it does not take, or never
    to be tried again, because nothing follows.
    """
    atom = atoms[index]
    after = index + 1
    while after < len(atoms) and atoms[after].kind == "close" and not atoms[after].is_repeat:
        after += 1
    if after == len(atoms):
        return True
    follower = atoms[after]
    if atom.text == "." and follower.text == "$":
        return True
    if atom.kind == "close" or follower.kind != "literal" or follower.least < 1:
        return False
    if len(follower.text) == 2 and follower.text[1].isalnum():  # “\\n” is not the letter
        return False
    return re.fullmatch(atom.text, follower.text[-1]) is None
