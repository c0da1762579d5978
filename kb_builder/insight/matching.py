"""Which playbook applies to a complaint, and what follows.

Five things are added: how likely the complaint tells of the situation that a playbook is for (what
customers say in it), the playbooks of similar cases, how much it is like the playbook's own page, words that
call for it, and its conditions (`applies_to`), each by how much it tells: one that takes 1 of 15 values
tells more than one that takes 3 of 3. What the text says outweighs what is concluded from it: a condition
alone never decides. What isn't known counts neither way. Whole numbers only;
`browser/client/advice/matching.js` does the same.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kb_builder.insight.judging import DANGER, FieldJudgement, Precedent, Strength, Suggestion

RESPONSE = "response"
"""The phase that comes first: a customer is waiting."""

SHOWN_STEPS = 3
"""So many steps of a playbook are shown: who needs more opens its page."""
_SHOWN_PLAYBOOKS = 4
_STRENGTH = {Strength.SURE: 3, Strength.LIKELY: 2, Strength.UNSURE: 1}

# The points are hundredths of what a logistic model gives each kind of evidence; the weights were
# fitted on either set of tests/precedents and checked on the other. benchmarks/README.md has the figures.
_CALLED = 8
_MOST_CALLED = 16
_DANGER = 110
_WORTH, _WORTH_OF = 5, 6
_DOUBT = 40
_PRECEDENTS = 5
_VOTES, _TOLD = 115, 230
# What the page most like the complaint counts; only places before this one count.
_ALIKE = 65
_BESIDE = 6
# So much below the likeliest, what customers say still speaks for a playbook.
_NEAR = -60
_OPENED_BY = 2
_DATE = "%Y-%m-%dT%H:%M"


class Part(StrEnum):
    """Why a playbook is shown."""

    URGENT = "urgent"
    FITTING = "fitting"
    GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Condition:
    """One of a playbook's conditions: any of `values` will do. `worth` is how much it tells, in tenths
    of a bit."""

    field: str
    values: tuple[str, ...]
    worth: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a playbook; `role` is a label."""

    stage: str
    action: str
    role: str
    within: str
    say: str


@dataclass(frozen=True, slots=True)
class Raising:
    """When to call whom; `role` is a label, `hours` None where the playbook doesn't say."""

    when: str
    role: str
    hours: int | None


@dataclass(frozen=True, slots=True)
class Playbook:
    """What a published playbook says; `says` is what customers say in its situation, folded."""

    id: str
    title: str
    address: str
    phase: str
    phase_label: str
    conditions: tuple[Condition, ...]
    steps: tuple[Step, ...]
    scripts: tuple[str, ...]
    banned: tuple[str, ...]
    reply_hours: int | None
    resolve_hours: int | None
    raising: tuple[Raising, ...]
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when something must be done: `what` is reply or resolve, `at` a local time to the minute."""

    what: str
    hours: int
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """When to call whom, with the whole sentence."""

    when: str
    role: str
    hours: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Fitting:
    """A playbook that applies, with the reasons."""

    id: str
    title: str
    address: str
    phase: str
    part: Part
    why: tuple[str, ...]
    steps: tuple[Step, ...]
    scripts: tuple[str, ...]
    banned: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    escalation: tuple[Escalation, ...]


@dataclass(frozen=True, slots=True)
class _Ranked:
    playbook: Playbook
    part: Part
    points: int
    why: tuple[str, ...]

    def order(self) -> tuple[int, bool, str]:
        return -self.points, self.playbook.phase != RESPONSE, self.playbook.id


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for playbooks, each by their ids.

    `heard`: how likely the text tells of their situation, 0 for the likeliest, the others less.
    `called`: how much words of the text call for them. `alike`: how much it is like their pages.
    """

    heard: Mapping[str, int] = field(default_factory=dict)
    called: Mapping[str, int] = field(default_factory=dict)
    alike: Mapping[str, int] = field(default_factory=dict)


def match(
    playbooks: Sequence[Playbook],
    judgement: Sequence[FieldJudgement],
    evidence: Evidence,
    precedents: Sequence[Precedent],
    reply_hours: Mapping[str, int],
    now: str,
) -> tuple[Fitting, ...]:
    """The playbooks that apply, the one to open first at the head; the general ones always follow.

    Where there are danger signs, what they call for is one of the first two.

    Args:
        playbooks: all of the base.
        judgement: of all fields, corrected.
        evidence: what the text says.
        precedents: the cases found, best first.
        reply_hours: severity → hours, for playbooks without a deadline of their own.
        now: local time, as in `Deadline.at`.
    """
    judged = {each.field: each for each in judgement}
    votes, voters = _votes(precedents)
    likeness = _likeness(evidence.alike)
    # A playbook without sayings is neither likely nor unlikely.
    usual = sum(evidence.heard.values()) // max(len(evidence.heard), 1)
    ranked = []
    for playbook in playbooks:
        id_ = playbook.id
        weighed = _weigh(playbook, judged)
        if weighed is None:
            continue
        points, urgent, why = weighed
        points += evidence.heard.get(id_, usual)
        if evidence.heard.get(id_, _NEAR - 1) >= _NEAR:
            why.append("原话像客户遇到这种情形时说的话")
        if evidence.called.get(id_):
            points += _CALLED * min(evidence.called[id_], _MOST_CALLED)
            why.append("原话里有这份预案的典型说法")
        if likeness.get(id_):
            points += likeness[id_]
            why.append("原话和这份预案写的情形相像")
        if votes.get(id_):
            points += votes[id_]
            why.append(f"相似案例 {'、'.join(voters[id_][:3])} 也用它")
        part = Part.URGENT if urgent else Part.FITTING if playbook.conditions else Part.GENERAL
        if why or part is Part.GENERAL:
            ranked.append(_Ranked(playbook, part, points, tuple(why)))
    ranked.sort(key=_Ranked.order)
    first = ranked[: _OPENED_BY - 1]
    urgent_ones = [each for each in ranked if each.part is Part.URGENT and each not in first]
    others = [each for each in ranked if each not in first and each not in urgent_ones]
    ranked = [*first, *urgent_ones, *others]
    general = [each for each in ranked[_SHOWN_PLAYBOOKS:] if each.part is Part.GENERAL]
    return tuple(
        _fitting(each, judged.get("severity"), reply_hours, now)
        for each in (*ranked[:_SHOWN_PLAYBOOKS], *general)
    )


def _weigh(
    playbook: Playbook, judged: Mapping[str, FieldJudgement]
) -> tuple[int, bool, list[str]] | None:
    """What a playbook's conditions count, whether for a danger sign, and why; None: the reader excluded it."""
    points = 0
    why: list[str] = []
    urgent = excluded = False
    for condition in playbook.conditions:
        judgement = judged.get(condition.field)
        if judgement is None:
            continue
        known = judgement.known()
        held = [each for each in known if each.value in condition.values]
        if not held:
            if condition.field != DANGER:
                excluded = excluded or judgement.corrected
                points -= _DOUBT if known else 0
            continue
        evident = [each for each in held if _is_evident(each)]
        if not evident:
            continue
        labels = "、".join(each.label for each in held)
        if condition.field == DANGER:
            urgent = True
            points += _DANGER
            why.insert(0, f"出现危险信号：{labels}（{held[0].why}）")
            continue
        worth = condition.worth * max(_STRENGTH[each.strength] for each in evident)
        # What the complaint is mostly about counts more than what it is about besides.
        points += (worth if known[0] in held else worth // 2) * _WORTH // _WORTH_OF
        if condition.worth:
            why.append(f"{judgement.label}是{labels}")
    # A danger sign outweighs whatever else is known.
    return None if excluded and not urgent else (points, urgent, why)


def _is_evident(suggestion: Suggestion) -> bool:
    """Whether something speaks for it; what is only presumed speaks for no playbook."""
    return bool(suggestion.spans or suggestion.cases or suggestion.strength is Strength.SURE)


def _votes(precedents: Sequence[Precedent]) -> tuple[dict[str, int], dict[str, list[str]]]:
    """What the playbooks of similar cases count; the first of a case counts in full.

    A case counts by how similar it is, and by how likely the text tells of what it is about.
    """
    voting = precedents[:_PRECEDENTS]
    scores = max(sum(each.score for each in voting), 1)
    told = max(sum(each.told for each in voting), 1)
    votes: defaultdict[str, int] = defaultdict(int)
    voters: defaultdict[str, list[str]] = defaultdict(list)
    for each in voting:
        weight = _VOTES * each.score // scores + _TOLD * each.told // told
        for place, playbook in enumerate(each.playbooks):
            votes[playbook] += weight // (place + 1)
            voters[playbook].append(each.id)
    return dict(votes), voters


def _likeness(alike: Mapping[str, int]) -> dict[str, int]:
    """What it counts to be like the page of a playbook: as much as it stands out among the best."""
    scores = sorted(alike.values(), reverse=True)
    if not scores:
        return {}
    least = scores[_BESIDE - 1] if len(scores) >= _BESIDE else 0
    return {
        id_: _ALIKE * (score - least) // scores[0] for id_, score in alike.items() if score > least
    }


def _fitting(
    ranked: _Ranked,
    severity: FieldJudgement | None,
    reply_hours: Mapping[str, int],
    now: str,
) -> Fitting:
    playbook = ranked.playbook
    return Fitting(
        id=playbook.id,
        title=playbook.title,
        address=playbook.address,
        phase=playbook.phase_label,
        part=ranked.part,
        why=ranked.why or ("凡是投诉都先照它办",),
        steps=playbook.steps[:SHOWN_STEPS],
        scripts=playbook.scripts,
        banned=playbook.banned,
        deadlines=tuple(_deadlines(playbook, severity, reply_hours, now)),
        escalation=tuple(map(_escalation, playbook.raising)),
    )


def _escalation(raising: Raising) -> Escalation:
    when = (
        "" if raising.hours is None else "立刻" if not raising.hours else f" {raising.hours} 小时内"
    )
    return Escalation(
        raising.when,
        raising.role,
        raising.hours,
        f"{raising.when}：{when}报{raising.role}".replace("： ", "："),
    )


def _deadlines(
    playbook: Playbook,
    severity: FieldJudgement | None,
    reply_hours: Mapping[str, int],
    now: str,
) -> list[Deadline]:
    if playbook.phase != RESPONSE:
        return []
    found = []
    reply, ground = playbook.reply_hours, "预案规定"
    if reply is None and reply_hours:
        known = severity.known() if severity is not None else ()
        if known and known[0].value in reply_hours:
            reply, ground = reply_hours[known[0].value], f"严重度是{known[0].label}"
        else:
            reply, ground = min(reply_hours.values()), "严重度拿不准，按最急的算"
    if reply is not None:
        found.append(_deadline("reply", reply, ground, now))
    if playbook.resolve_hours is not None:
        found.append(_deadline("resolve", playbook.resolve_hours, "预案规定", now))
    return found


def _deadline(what: str, hours: int, ground: str, now: str) -> Deadline:
    start = datetime.datetime.strptime(now, _DATE)
    at = start + datetime.timedelta(hours=hours)
    year = f"{at.year}年" if at.year != start.year else ""
    verb = "答复客户" if what == "reply" else "解决"
    moment = f"{year}{at.month}月{at.day}日 {at.hour:02d}:{at.minute:02d}"
    text = f"最迟 {moment} 前{verb}（{hours} 小时内，{ground}）"
    return Deadline(what, hours, at.strftime(_DATE), text)
