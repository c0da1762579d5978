"""What kind of complaint a text is: for each field the values that its words and similar cases suggest.

Whole numbers only, so that `browser/client/advice/judging.js`, which does the same, comes to the same.
A guess is called one: without words that settle it a value is at best likely, and what only one weak
word or other cases suggest is unsure. Danger signs are never inferred from other cases, nor from
weak words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from kb_builder.analysis.folding import Folded, fold, fold_with_offsets
from kb_builder.model.cues import FIELDS, GAP, PLAYBOOK, CueGroup, Cues

DANGER = "crisis_signals"

_SEVERITY = "severity"

_STRONG, _WEAK = 8, 3
_LIKELY, _LEAST = 5, 2
# All similar cases together say as much as two weak words.
_VOTES = 6
_VOTERS = 5
_VOTED = frozenset({"complaint_type", "complaint_subtype", "appeal", "psychology", "cause"})
_GAP_LENGTH = 8
_SENTENCE_END = re.compile("[。!?;\n]+")
_SHOWN_WORDS = 3


class Strength(StrEnum):
    """How sure a suggestion is."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that speaks for a value, where the folded text has it."""

    field: str
    value: str
    start: int
    end: int
    strong: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field to judge: `values` are ids with labels, `parents` its values with those of another field."""

    name: str
    label: str
    many: bool
    values: Mapping[str, str]
    parent: str = ""
    parents: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Precedent:
    """A case found, best first in a list of them: what it says of itself.

    `told` is how likely the text tells of what this case is about, from 0 up.
    """

    id: str
    score: int
    facets: Mapping[str, Sequence[str]]
    playbooks: Sequence[str] = ()
    told: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value with its evidence: places in the text as given, and cases."""

    value: str
    label: str
    strength: Strength
    spans: tuple[tuple[int, int], ...]
    cases: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class FieldJudgement:
    """What is suggested for a field, best first; without suggestions, `why` says so."""

    field: str
    label: str
    many: bool
    corrected: bool
    why: str
    suggestions: tuple[Suggestion, ...]

    def known(self) -> tuple[Suggestion, ...]:
        """What holds: the likely and the sure; of a field with one value, the first."""
        held = tuple(each for each in self.suggestions if each.strength is not Strength.UNSURE)
        return held if self.many else held[:1]


class Lexicon:
    """The cues of a base, ready to be looked for."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues

    def find(self, text: str) -> tuple[Found, ...]:
        """The phrases in a folded text that count, in the order of the cues."""
        held = set(text)
        ends = [match.end() for match in _SENTENCE_END.finditer(text)]
        joking = {
            sentence
            for phrase in self._jest
            for start, _ in _places(text, phrase)
            for sentence in _beside(bisect_right(ends, start))
        }
        found: list[Found] = []
        for group, phrases, cancelled in self._groups:
            hits = sorted(
                (
                    (start, -end, not strong)
                    for parts, strong in phrases
                    if held.issuperset(parts[0])
                    for start, end in _places(text, parts)
                ),
            )
            if not hits:
                continue
            hidden = [place for parts in cancelled for place in _places(text, parts)]
            last = 0
            for start, negative, weak in hits:
                end = -negative
                if start < last or any(start < other and begin < end for begin, other in hidden):
                    continue
                if any(text.endswith(word, 0, start) for word in self._negations):
                    continue
                if group.field == DANGER and bisect_right(ends, start) in joking:
                    continue
                found.append(Found(group.field, group.value, start, end, not weak))
                last = end
        return tuple(found)

    def meant(self, text: str) -> tuple[str, ...]:
        """The words of case pages for what a folded text says, to look for them too."""
        return tuple(
            word
            for theme, phrases in self._themes
            if any(next(_places(text, parts), None) for parts in phrases)
            for word in theme
        )

    @cached_property
    def _groups(
        self,
    ) -> tuple[tuple[CueGroup, list[tuple[list[str], bool]], list[list[str]]], ...]:
        return tuple(
            (
                group,
                [(_parts(phrase), True) for phrase in group.strong]
                + [(_parts(phrase), False) for phrase in group.weak],
                [_parts(phrase) for phrase in group.cancelled],
            )
            for group in self.cues.groups
        )

    @cached_property
    def _themes(self) -> tuple[tuple[tuple[str, ...], list[list[str]]], ...]:
        return tuple(
            (theme.means, [_parts(said) for said in theme.says]) for theme in self.cues.themes
        )

    @cached_property
    def _jest(self) -> tuple[list[str], ...]:
        return tuple(map(_parts, self.cues.jest))

    @cached_property
    def _negations(self) -> tuple[str, ...]:
        return tuple(map(fold, self.cues.negations))


def judge(
    text: str,
    precedents: Sequence[Precedent],
    lexicon: Lexicon,
    fields: Mapping[str, Field],
    corrections: Mapping[str, Sequence[str]] | None = None,
) -> tuple[tuple[FieldJudgement, ...], Mapping[str, int]]:
    """The judgement of each field, and for playbooks that the text calls for by its words, how much.

    `corrections` are what the reader has settled: field → ids of values.
    """
    folded = fold_with_offsets(text)
    found = lexicon.find(folded.text)
    tally = _Tally(text, folded, found, precedents[:_VOTERS], lexicon.cues, fields)
    judged = tuple(
        _corrected(fields[name], tally.judge(name), (corrections or {}).get(name))
        for name in FIELDS
        if name in fields
    )
    called: defaultdict[str, int] = defaultdict(int)
    for each in found:
        if each.field == PLAYBOOK:
            called[each.value] += _STRONG if each.strong else _WEAK
    return judged, dict(called)


class _Tally:
    """Adds up what speaks for each value of each field."""

    def __init__(
        self,
        text: str,
        folded: Folded,
        found: Iterable[Found],
        precedents: Sequence[Precedent],
        cues: Cues,
        fields: Mapping[str, Field],
    ) -> None:
        self._text = text
        self._fields = fields
        self._cues = cues
        self._precedents = precedents
        self._points: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._settled: set[tuple[str, str]] = set()
        self._said: set[tuple[str, str]] = set()
        self._spans: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        self._because: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for each in found:
            key = each.field, each.value
            if each.field not in fields or (each.field == DANGER and not each.strong):
                continue
            span = folded.starts[each.start], folded.ends[each.end - 1]
            said = text[span[0] : span[1]]
            if said not in (text[start:end] for start, end in self._spans[key]):
                self._points[key] += _STRONG if each.strong else _WEAK
            self._spans[key].append(span)
            if each.strong:
                self._settled.add(key)
        self._infer()

    def _infer(self) -> None:
        """Add what follows from what the text says."""
        said = dict(self._points)
        self._said.update(said)
        for (name, value), points in said.items():
            field = self._fields[name]
            parent = (field.parents or {}).get(value, "")
            if parent and field.parent in self._fields:
                self._follow((name, value), (field.parent, parent), points)
                if (name, value) in self._settled:
                    self._settled.add((field.parent, parent))
        for name, value, other, its in self._cues.implied:
            if other in self._fields and (name, value) in said:
                points = _LIKELY if (name, value) in self._settled else _WEAK
                self._follow((name, value), (other, its), points)
        for name, value, parts in self._cues.together:
            keys = [(name, part) for part in parts]
            if name in self._fields and all(self._points.get(key, 0) >= _LIKELY for key in keys):
                self._points[name, value] += sum(self._points[key] for key in keys)
                if all(key in self._settled for key in keys):
                    self._settled.add((name, value))
                self._said.add((name, value))
                for key in keys:
                    self._spans[name, value] += self._spans[key]
        for name, value in self._cues.presumed:
            against = any(
                key[0] == name and points >= _LIKELY for key, points in self._points.items()
            )
            if name in self._fields and not against:
                self._points[name, value] += _LIKELY
                self._because[name, value].append("没有别的迹象时，先这样看")

    def _follow(self, source: tuple[str, str], target: tuple[str, str], points: int) -> None:
        if target not in self._points or self._points[target] < points:
            self._points[target] += points
        self._spans[target] += self._spans.get(source, [])
        label = self._fields[source[0]].values[source[1]]
        self._because[target].append(f"从“{label}”看出来")

    def judge(self, name: str) -> FieldJudgement:
        """The judgement of one field."""
        field = self._fields[name]
        votes, voters = self._votes(name)
        # Severities stand from the slightest to the gravest; where as much speaks for two, the graver is told first.
        first = -1 if name == _SEVERITY else 1
        ranked = sorted(
            (-(self._points.get((name, value), 0) + votes.get(value, 0)), first * place, value)
            for place, value in enumerate(field.values)
        )
        ranked = [each for each in ranked if -each[0] >= _LEAST]
        suggestions = tuple(
            self._suggestion(field, value, -points, voters.get(value, ()))
            for points, _, value in ranked
        )
        if not field.many and len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
            suggestions = (_weakened(suggestions[0]), *suggestions[1:])
        why = _why(suggestions)
        if name == DANGER and not suggestions:
            why = "原话里没有危险信号"
        return FieldJudgement(name, field.label, field.many, False, why, suggestions)

    def _votes(self, name: str) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
        """What similar cases say, by value, and which ones."""
        if name not in _VOTED:
            return {}, {}
        total = sum(each.score for each in self._precedents)
        sums: defaultdict[str, int] = defaultdict(int)
        voters: defaultdict[str, list[str]] = defaultdict(list)
        for each in self._precedents:
            for value in each.facets.get(name, ()):
                sums[value] += each.score
                voters[value].append(each.id)
        votes = {value: _VOTES * points // max(total, 1) for value, points in sums.items()}
        return votes, {value: tuple(ids) for value, ids in voters.items()}

    def _suggestion(
        self, field: Field, value: str, points: int, voters: Sequence[str]
    ) -> Suggestion:
        key = field.name, value
        if key in self._settled:
            strength = Strength.SURE
        else:
            strength = Strength.LIKELY if points >= _LIKELY else Strength.UNSURE
        spans = tuple(sorted(set(self._spans.get(key, ()))))
        reasons = []
        if spans and key in self._said:
            words = dict.fromkeys(self._text[start:end] for start, end in spans)
            quoted = "".join(f"“{word}”" for word in list(words)[:_SHOWN_WORDS])
            reasons.append(f"原话说{quoted}")
        reasons += dict.fromkeys(self._because.get(key, ()))
        if voters:
            reasons.append(f"相似案例 {'、'.join(voters[:_SHOWN_WORDS])} 是这样")
        return Suggestion(
            value, field.values[value], strength, spans, tuple(voters), "；".join(reasons)
        )


def _why(suggestions: Sequence[Suggestion]) -> str:
    if not suggestions:
        return "原话里看不出来，拿不准"
    if suggestions[0].strength is Strength.UNSURE:
        return f"拿不准：{suggestions[0].why}"
    return suggestions[0].why


def _weakened(suggestion: Suggestion) -> Suggestion:
    """As much speaks for another value: not sure any more."""
    strength = Strength.LIKELY if suggestion.strength is Strength.SURE else suggestion.strength
    return Suggestion(
        suggestion.value,
        suggestion.label,
        strength,
        suggestion.spans,
        suggestion.cases,
        suggestion.why,
    )


def _corrected(
    field: Field, judged: FieldJudgement, values: Sequence[str] | None
) -> FieldJudgement:
    if values is None:
        return judged
    before = {each.value: each for each in judged.suggestions}
    chosen = []
    for value in dict.fromkeys(values):
        if value in field.values:
            old = before.get(value)
            spans, cases = (old.spans, old.cases) if old else ((), ())
            chosen.append(
                Suggestion(value, field.values[value], Strength.SURE, spans, cases, "您选定的")
            )
    why = "您选定的" if chosen else "您选定：都不是"
    return FieldJudgement(judged.field, judged.label, judged.many, True, why, tuple(chosen))


def _parts(phrase: str) -> list[str]:
    # Folding makes three dots of the sign for a gap, so the phrase is cut before.
    return [fold(part) for part in phrase.split(GAP)]


def _places(text: str, parts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the parts follow each other within a sentence, with a few characters between them."""
    start = text.find(parts[0])
    while start >= 0:
        end: int | None = start + len(parts[0])
        for part in parts[1:]:
            assert end is not None
            end = _next(text, part, end)
            if end is None:
                break
        if end is not None:
            yield start, end
        start = text.find(parts[0], start + 1)


def _next(text: str, part: str, after: int) -> int | None:
    """The end of a part that begins soon after a place, in the same sentence."""
    start = text.find(part, after, after + _GAP_LENGTH + len(part))
    if start < 0 or _SENTENCE_END.search(text, after, start):
        return None
    return start + len(part)


def _beside(sentence: int) -> Collection[int]:
    return (sentence - 1, sentence, sentence + 1)
