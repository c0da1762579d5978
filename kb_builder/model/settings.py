"""What the owner of a base declares in `site_config/`, besides the schema's own files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb_builder.model.audience import Audience
from kb_builder.model.checks import Checks
from kb_builder.model.cues import Cues
from kb_builder.model.privacy import Privacy
from kb_builder.model.reports import ReportSettings
from kb_builder.model.schema import Schema
from kb_builder.model.taxonomy import Vocabulary


@dataclass(frozen=True, slots=True)
class Statistic:
    """A figure with its source; `value` is as written and empty where the source lacks it."""

    id: str
    label: str
    value: str
    unit: str
    base: str
    as_of: str
    source: str
    verified: bool
    incomplete: bool
    note: str
    parts: tuple[tuple[str, str], ...]
    """Shares as (label, value), values as written."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One side of a contradiction."""

    claim: str
    source: str


@dataclass(frozen=True, slots=True)
class Counterpoint:
    """A question on which the sources contradict each other, and how this base rules."""

    id: str
    question: str
    sides: tuple[Claim, ...]
    ruling: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary."""

    term: str
    aliases: tuple[str, ...]
    definition: str
    see: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """All of `site_config/`. `digest` is that of its files: it changes when any of them does.

    `sayings` are what customers say, by the id of the playbook that is for them.
    `audience` is who a site is built for when nobody says; None where the base keeps no audiences apart.
    """

    schema: Schema
    vocabularies: Mapping[str, Vocabulary]
    statistics: Mapping[str, Statistic]
    counterpoints: tuple[Counterpoint, ...]
    glossary: tuple[Term, ...]
    synonyms: tuple[tuple[str, ...], ...]
    dictionary: tuple[str, ...]
    digest: str
    reports: ReportSettings = field(default_factory=ReportSettings)
    checks: Checks = field(default_factory=Checks)
    privacy: Privacy = field(default_factory=Privacy)
    cues: Cues = field(default_factory=Cues)
    sayings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    audience: Audience | None = None

    @property
    def roles(self) -> Vocabulary:
        """The roles of `roles.yml`."""
        return self.vocabularies["roles"]
