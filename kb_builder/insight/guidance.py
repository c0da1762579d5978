"""What advice must know of a base: its playbooks, its fields, the facts of its cases, the form of a draft."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb_builder.analysis.folding import fold
from kb_builder.insight.case_draft import Form, form_of
from kb_builder.insight.durations import elapsed
from kb_builder.insight.judging import Field
from kb_builder.insight.matching import Condition, Playbook, Raising, Step
from kb_builder.insight.sayings import Sayings
from kb_builder.model.corpus import Corpus
from kb_builder.model.cues import FIELDS, Cues
from kb_builder.model.document import Document
from kb_builder.model.schema import FieldSpec
from kb_builder.model.settings import Settings
from kb_builder.model.taxonomy import Vocabulary
from kb_builder.model.values import Group

_HOUR, _DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Link:
    """A page that is named: `address` is relative to the site."""

    id: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a case that was found tells about its end, and what it leads to; values are labels.

    `taken` is the time from receiving to solving, in words, empty where it isn't known; `says` is what
    customers say in such a case, folded.
    """

    id: str
    title: str
    address: str
    facets: Mapping[str, tuple[str, ...]]
    remedies: tuple[str, ...]
    outcome: str
    retained: str
    satisfaction: str
    taken: str
    playbooks: tuple[str, ...]
    lessons: tuple[Link, ...]
    contrast: Link | None
    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guidance:
    """What is the same for every text: `reply_hours` are by severity.

    Without slots, so that what is made of the sayings can be kept.
    """

    cues: Cues
    fields: Mapping[str, Field]
    playbooks: tuple[Playbook, ...]
    reply_hours: Mapping[str, int]
    form: Form

    @cached_property
    def sayings(self) -> Sayings:
        """What customers say, by the playbook that is for them."""
        return Sayings({playbook.id: playbook.says for playbook in self.playbooks})


def guidance_of(
    settings: Settings, listed: Corpus, every: Iterable[Document], template: Sequence[str]
) -> Guidance:
    """The guidance of a base.

    Args:
        settings: those of the base.
        listed: the documents that may be shown.
        every: all documents, whose numbers are taken.
        template: the lines of what the owner wants in a new case.
    """
    case = settings.schema.kinds["case"]
    return Guidance(
        cues=settings.cues,
        fields={
            name: _field(spec, settings.vocabularies)
            for name in FIELDS
            if (spec := case.fields.get(name)) is not None and spec.vocabulary is not None
        },
        playbooks=tuple(
            _playbook(listed.by_id[id_], settings) for id_ in listed.ids.get("playbook", ())
        ),
        reply_hours=dict(settings.checks.reply_hours),
        form=form_of(case, every, template),
    )


def facts_of(case: Document, listed: Corpus) -> CaseFacts:
    """The facts of a case."""
    assert case.kind is not None
    return CaseFacts(
        id=case.id,
        title=case.title,
        address=_address(case),
        facets={
            name: texts for spec in case.kind.facets() if (texts := case.texts(name := spec.name))
        },
        remedies=_labels(case, "remedy"),
        outcome="".join(_labels(case, "outcome")),
        retained="".join(_labels(case, "customer_retained")),
        satisfaction="".join(_labels(case, "satisfaction")),
        taken=_taken(case),
        playbooks=case.texts("playbooks"),
        lessons=tuple(
            _link(listed.by_id[id_]) for id_ in case.texts("lessons") if id_ in listed.by_id
        ),
        contrast=_link(other) if (other := listed.by_id.get(case.text("contrast_with"))) else None,
        says=tuple(map(fold, case.texts("customer_says"))),
    )


def _field(spec: FieldSpec, vocabularies: Mapping[str, Vocabulary]) -> Field:
    vocabulary = spec.vocabulary
    assert vocabulary is not None
    return Field(
        name=spec.name,
        label=spec.label,
        many=spec.many,
        values={value.id: value.label for value in vocabulary},
        parent=vocabulary.parent if vocabulary.parent in vocabularies else "",
        parents={value.id: value.parent for value in vocabulary if value.parent},
    )


def _playbook(document: Document, settings: Settings) -> Playbook:
    assert document.kind is not None
    roles = settings.roles
    phase = document.text("phase")
    return Playbook(
        id=document.id,
        title=document.title,
        address=_address(document),
        phase=phase,
        phase_label="".join(_labels(document, "phase")) or phase,
        conditions=tuple(
            condition
            for group in document.groups("applies_to")
            for condition in _conditions(group, document.kind.fields["applies_to"])
        ),
        steps=tuple(
            Step(
                stage=_text(group, "stage"),
                action=_text(group, "action"),
                role=_role(roles, _text(group, "role")),
                within=_text(group, "within"),
                say=_text(group, "say"),
            )
            for group in document.groups("steps")
        ),
        scripts=document.texts("scripts"),
        banned=document.texts("banned_phrases"),
        reply_hours=_number(document.items("reply_hours")),
        resolve_hours=_number(document.items("resolve_hours")),
        raising=tuple(
            Raising(
                when=_text(group, "when"),
                role=_role(roles, _text(group, "role")),
                hours=_number(group.items("within_hours")),
            )
            for group in document.groups("escalate_to")
        ),
        says=tuple(
            map(
                fold,
                (*document.texts("customer_says"), *settings.sayings.get(document.id, ())),
            )
        ),
    )


def _conditions(group: Group, spec: FieldSpec) -> Iterable[Condition]:
    assert spec.fields is not None
    for name, inner in spec.fields.items():
        values = tuple(item.text for item in group.items(name))
        if values and inner.vocabulary is not None:
            share = len(inner.vocabulary.values) / len(set(values))
            yield Condition(name, values, round(10 * math.log2(share)))


def _labels(document: Document, field: str) -> tuple[str, ...]:
    assert document.kind is not None
    spec = document.kind.fields.get(field)
    if spec is None or spec.vocabulary is None:
        return document.texts(field)
    return tuple(
        spec.vocabulary.values[text].label if text in spec.vocabulary.values else text
        for text in document.texts(field)
    )


def _taken(case: Document) -> str:
    """About how long it took, as one says it."""
    found = elapsed(case.date("received_on"), case.date("resolved_on"))
    if found is None:
        return ""
    minutes = found.middle
    about = "" if found.least == found.most else "约 "
    if minutes < _HOUR:
        return f"{about}{max(minutes, 1)} 分钟"
    if minutes < 2 * _DAY:
        return f"{about}{round(minutes / _HOUR)} 小时"
    return f"{about}{round(minutes / _DAY)} 天"


def _address(document: Document) -> str:
    assert document.kind is not None
    return f"{document.kind.address}/{document.id}/"


def _link(document: Document) -> Link:
    return Link(document.id, document.title, _address(document))


def _text(group: Group, name: str) -> str:
    items = group.items(name)
    return items[0].text if items else ""


def _role(roles: Vocabulary, identity: str) -> str:
    return roles.values[identity].label if identity in roles.values else identity


def _number(items: Sequence[object]) -> int | None:
    value = getattr(items[0], "value", None) if items else None
    return value if isinstance(value, int) else None
