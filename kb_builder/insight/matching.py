"""Which playbook applies to a complaint, by what it says of itself in `applies_to`, and what follows.

Each condition counts by how much it tells: one that takes 1 of 15 values tells more than one that takes
3 of 3. What contradicts a condition for sure excludes the playbook; what isn't known counts neither
way. Words that call for a playbook, how much the complaint is like the playbook's own page, and the playbooks
of similar cases are added. Whole numbers only; `browser/client/advice/matching.js` does the same.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kb_builder.insight.judging import DANGER, FieldJudgement, Precedent, Strength, Suggestion

RESPONSE = "response"
"""The phase that comes first: a customer is waiting."""

SHOWN_STEPS = 3
"""So many steps of a playbook are shown: who needs more opens its page."""
_SHOWN_PLAYBOOKS = 4
_STRENGTH = {Strength.SURE: 3, Strength.LIKELY: 2, Strength.UNSURE: 1}
_CALLED = 9
_URGENT = 100
_DOUBT = 20
_PRECEDENTS = 5
# What the playbooks of similar cases count, all cases together.
_VOTES = 30
# What the page most like the complaint counts at most; only places before this one count.
_ALIKE = 120
_BESIDE = 6
# Playbooks that fit less are no better than the general ones.
_FITTING = 25
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
    """What a published playbook says."""

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
class _Match:
    points: int
    why: tuple[str, ...]
    urgent: bool = False
    excluded: bool = False


def match(
    playbooks: Sequence[Playbook],
    judgement: Sequence[FieldJudgement],
    called: Mapping[str, int],
    precedents: Sequence[Precedent],
    alike: Mapping[str, int],
    reply_hours: Mapping[str, int],
    now: str,
) -> tuple[Fitting, ...]:
    """The playbooks that apply, the one to open first at the head; the general ones always follow.

    Args:
        playbooks: all of the base.
        judgement: of all fields, corrected.
        called: how much words of the text call for a playbook, by its id.
        precedents: the cases found, best first.
        alike: how much the text is like a playbook's page, by its id.
        reply_hours: severity → hours, for playbooks without a deadline of their own.
        now: local time, as in `Deadline.at`.
    """
    judged = {each.field: each for each in judgement}
    votes, voters = _votes(precedents)
    likeness = _likeness(alike)
    ranked = []
    for playbook in playbooks:
        found = _weigh(playbook, judged, called.get(playbook.id, 0))
        if found.excluded:
            continue
        points, why = found.points, found.why
        # Those without conditions apply to all complaints alike; what is similar doesn't change that.
        if playbook.conditions and likeness.get(playbook.id):
            points += likeness[playbook.id]
            why = (*why, "原话和这份预案写的情形相像")
        if playbook.conditions and votes.get(playbook.id):
            points += votes[playbook.id]
            why = (*why, f"相似案例 {'、'.join(voters[playbook.id][:3])} 也用它")
        if playbook.phase != RESPONSE and not called.get(playbook.id):
            points //= 2
        part = _part(playbook, found, points)
        if part is None:
            continue
        # A general playbook comes behind whatever fits.
        ranked.append(
            (
                part is Part.GENERAL,
                -points,
                playbook.phase != RESPONSE,
                playbook.id,
                part,
                why,
                playbook,
            )
        )
    ranked.sort(key=lambda each: each[:4])
    fitting = [each for each in ranked if each[4] is not Part.GENERAL][:_SHOWN_PLAYBOOKS]
    general = [each for each in ranked if each[4] is Part.GENERAL]
    return tuple(
        _fitting(playbook, part, why, judged.get("severity"), reply_hours, now)
        for *_, part, why, playbook in (*fitting, *general)
    )


def _part(playbook: Playbook, found: _Match, points: int) -> Part | None:
    if found.urgent:
        return Part.URGENT
    if points >= _FITTING:
        return Part.FITTING
    return None if playbook.conditions else Part.GENERAL


def _weigh(playbook: Playbook, judged: Mapping[str, FieldJudgement], called: int) -> _Match:
    points = called * _CALLED
    why = ["原话里有这份预案的典型说法"] if called else []
    urgent = excluded = False
    for condition in playbook.conditions:
        field = judged.get(condition.field)
        if field is None:
            continue
        known = field.known()
        held = [each for each in known if each.value in condition.values]
        if not held:
            settled = field.corrected or any(
                each.strength is Strength.SURE or playbook.phase != RESPONSE for each in known
            )
            if settled and (field.corrected or not called) and condition.field != DANGER:
                excluded = True
            points -= _DOUBT if known else 0
            continue
        evident = [each for each in held if _is_evident(each)]
        if not evident:
            continue
        worth = condition.worth * max(_STRENGTH[each.strength] for each in evident)
        # What the complaint is mostly about counts more than what it is about besides.
        points += worth if known[0] in held else worth // 2
        labels = "、".join(each.label for each in held)
        if condition.field == DANGER:
            urgent = True
            points += _URGENT * len(held)
            why.insert(0, f"出现危险信号：{labels}（{held[0].why}）")
        elif condition.worth:
            why.append(f"{field.label}是{labels}")
    # A danger sign outweighs whatever else is known.
    return _Match(points, tuple(why), urgent=urgent, excluded=excluded and not urgent)


def _is_evident(suggestion: Suggestion) -> bool:
    """Whether something speaks for it; what is only presumed speaks for no playbook."""
    return bool(suggestion.spans or suggestion.cases or suggestion.strength is Strength.SURE)


def _votes(precedents: Sequence[Precedent]) -> tuple[dict[str, int], dict[str, list[str]]]:
    """What the playbooks of similar cases count; the first of a case counts in full."""
    voting = precedents[:_PRECEDENTS]
    total = sum(each.score for each in voting)
    sums: defaultdict[str, int] = defaultdict(int)
    voters: defaultdict[str, list[str]] = defaultdict(list)
    for each in voting:
        for place, playbook in enumerate(each.playbooks):
            sums[playbook] += each.score // (place + 1)
            voters[playbook].append(each.id)
    return {id_: _VOTES * score // max(total, 1) for id_, score in sums.items()}, voters


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
    playbook: Playbook,
    part: Part,
    why: tuple[str, ...],
    severity: FieldJudgement | None,
    reply_hours: Mapping[str, int],
    now: str,
) -> Fitting:
    return Fitting(
        id=playbook.id,
        title=playbook.title,
        address=playbook.address,
        phase=playbook.phase_label,
        part=part,
        why=why or ("凡是投诉都先照它办",),
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
