"""A complaint's text and what a base knows: the five parts of the page 找先例, as one value.

Used by `kb advise` and, through `browser/client/advice/`, by the page; `tests/vectors/advice.json`
is read by both. As JSON (`dataclasses.asdict`) and as what `await kbSearch.advise(text, options)` resolves
to it has this shape; positions count characters here and UTF-16 units in JavaScript:

    {
      "cases":      [{"id", "title", "address", "score",
                      "remedies": [label], "outcome": label, "retained": label, "satisfaction": label,
                      "taken": "约 2 天",                   from 受理 to 解决
                      "because": [word]}],                 in both texts, folded
      "judgement":  [{"field", "label", "many": bool, "corrected": bool, "why",
                      "suggestions": [{"value", "label", "strength": "sure" | "likely" | "unsure",
                                       "spans": [[start, end]], "cases": [id], "why"}]}],
      "playbooks":  [{"id", "title", "address", "phase": label, "part": "urgent" | "fitting" | "general",
                      "why": [sentence], "steps": [{"stage", "action", "role", "within", "say"}],
                      "scripts": [text], "banned": [text],
                      "deadlines": [{"what": "reply" | "resolve", "hours", "at": "2026-11-23T15:20", "text"}],
                      "escalation": [{"when", "role", "hours": number or null, "text"}]}],
      "lessons":    [{"id", "title", "address", "cases": [id]}],
      "contrasts":  [{"id", "title", "address", "with_id", "with_title", "with_address"}],
      "draft":      {"id", "path", "text"}
    }

`judgement` has every field that cues speak of, in the order of `model.cues.FIELDS`, even without a
suggestion: then `why` says that nothing is sure. The danger signs are the field `crisis_signals`.
Empty text, null and empty lists stand for what isn't known. Corrections are {field: [id of a value …]};
an empty list says that none applies, a field that is left out stays as judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb_builder.analysis.folding import fold
from kb_builder.insight import judging, matching
from kb_builder.insight.case_draft import CaseDraft, draft_case
from kb_builder.insight.guidance import CaseFacts, Guidance
from kb_builder.insight.judging import FieldJudgement, Lexicon, Precedent
from kb_builder.insight.matching import Evidence, Fitting
from kb_builder.insight.sayings import Sayings
from kb_builder.insight.similarity import MAX_TEXT

PLAYBOOKS = 6
"""So many playbooks are asked for, by how much their pages are like the text: `matching` needs no more."""

SHOWN_CASES = 5
"""At most so many similar cases are shown and asked for their kind, playbooks and lessons."""

_BETWEEN = "，"
_ALWAYS, _FAR = 3, 3
_SHOWN_LESSONS = 8
# A case so much less likely than the likeliest one isn't what the text tells of.
_BELIEVED = 173


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case that is like the text, best first in a list of them; `because` are the words, folded."""

    facts: CaseFacts
    score: int
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """A case like the text. Values of vocabularies are labels, times are in words."""

    id: str
    title: str
    address: str
    score: int
    remedies: tuple[str, ...]
    outcome: str
    retained: str
    satisfaction: str
    taken: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonFound:
    """A lesson of the cases found, with those cases, best first."""

    id: str
    title: str
    address: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A case found and the one that was handled the other way."""

    id: str
    title: str
    address: str
    with_id: str
    with_title: str
    with_address: str


@dataclass(frozen=True, slots=True)
class Advice:
    """The five parts: see the module."""

    cases: tuple[SimilarCase, ...]
    judgement: tuple[FieldJudgement, ...]
    playbooks: tuple[Fitting, ...]
    lessons: tuple[LessonFound, ...]
    contrasts: tuple[Contrast, ...]
    draft: CaseDraft


def sought(text: str, lexicon: Lexicon) -> str:
    """What to look for similar cases with: the text, and what case pages call the things it says.

    No longer than what is read of a text, so that nothing of the addition is cut off.
    """
    meant = _BETWEEN.join(dict.fromkeys(lexicon.meant(fold(text))))[: MAX_TEXT // 2]
    return f"{text[: MAX_TEXT - len(meant) - 1]}\n{meant}" if meant else text


def advise(
    text: str,
    found: Sequence[FoundCase],
    guidance: Guidance,
    lexicon: Lexicon,
    *,
    now: str,
    alike: Mapping[str, int] | None = None,
    masked: str = "",
    corrections: Mapping[str, Sequence[str]] | None = None,
) -> Advice:
    """The advice on a complaint.

    Args:
        text: of the complaint.
        found: the cases like it, best first.
        guidance: of the base.
        lexicon: made of its cues.
        now: the reader's local time, 2026-11-22T15:20.
        alike: the playbooks whose pages are like the text, with the scores of their pages.
        masked: the text without personal data, for the draft; without it, the draft's first
            section holds what the template says.
        corrections: field → ids of values, where the reader knows better.
    """
    folded = fold(text)
    told = _told(folded, found[:SHOWN_CASES])
    precedents = [
        Precedent(each.facts.id, each.score, each.facts.facets, each.facts.playbooks, points)
        for each, points in zip(found, told, strict=False)
    ]
    found = _worthwhile(found)
    judgement, called = judging.judge(
        text, precedents[: len(found)], lexicon, guidance.fields, corrections
    )
    fitting = matching.match(
        guidance.playbooks,
        judgement,
        Evidence(guidance.sayings.compare(folded), called, alike or {}),
        precedents,
        guidance.reply_hours,
        now,
    )
    return Advice(
        cases=tuple(_similar(each, folded) for each in found),
        judgement=judgement,
        playbooks=fitting,
        lessons=_lessons(found),
        contrasts=_contrasts(found),
        draft=draft_case(guidance.form, judgement, masked, now),
    )


def _told(folded: str, found: Sequence[FoundCase]) -> list[int]:
    """How likely a text tells of what each of these cases is about, by what customers say in it."""
    compared = Sayings({each.facts.id: each.facts.says for each in found}).compare(folded)
    return [max(_BELIEVED + compared.get(each.facts.id, -_BELIEVED), 0) for each in found]


def _worthwhile(found: Sequence[FoundCase]) -> Sequence[FoundCase]:
    """Those that may teach something: the first few, and no others that are far less alike."""
    least = found[0].score // _FAR if found else 0
    return [
        each
        for place, each in enumerate(found[:SHOWN_CASES])
        if place < _ALWAYS or each.score >= least
    ]


def _similar(found: FoundCase, folded: str) -> SimilarCase:
    facts = found.facts
    return SimilarCase(
        id=facts.id,
        title=facts.title,
        address=facts.address,
        score=found.score,
        remedies=facts.remedies,
        outcome=facts.outcome,
        retained=facts.retained,
        satisfaction=facts.satisfaction,
        taken=facts.taken,
        # What was looked for besides the text is not a word of the customer's.
        because=tuple(word for word in found.because if word in folded),
    )


def _lessons(found: Sequence[FoundCase]) -> tuple[LessonFound, ...]:
    """Each lesson once: those of most cases first, then those of the most similar ones."""
    lessons: dict[str, LessonFound] = {}
    scores: dict[str, int] = {}
    for each in found:
        for link in each.facts.lessons:
            before = lessons[link.id].cases if link.id in lessons else ()
            cases = (*before, each.facts.id)
            lessons[link.id] = LessonFound(link.id, link.title, link.address, cases)
            scores[link.id] = scores.get(link.id, 0) + each.score
    ordered = sorted(lessons.values(), key=lambda one: (-len(one.cases), -scores[one.id], one.id))
    return tuple(ordered[:_SHOWN_LESSONS])


def _contrasts(found: Sequence[FoundCase]) -> tuple[Contrast, ...]:
    """The pairs of opposite cases, each once."""
    pairs: dict[frozenset[str], Contrast] = {}
    for each in found:
        facts, other = each.facts, each.facts.contrast
        if other is not None:
            pairs.setdefault(
                frozenset((facts.id, other.id)),
                Contrast(
                    facts.id, facts.title, facts.address, other.id, other.title, other.address
                ),
            )
    return tuple(pairs.values())
