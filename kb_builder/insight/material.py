"""What reports are made from, and which documents count."""

from __future__ import annotations

import datetime
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

from kb_builder.insight.missed import Missed
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import ARCHIVED, DRAFT, PUBLISHED, REVIEW, Document
from kb_builder.model.reports import ReportSettings
from kb_builder.model.schema import FieldSpec
from kb_builder.model.settings import Settings


def shown(corpus: Corpus, *, drafts: bool, hidden: Set[str] = frozenset()) -> Corpus:
    """The documents that get a page: readable, in a known kind, with an id of the right form, of a
    status that is shown, and not `hidden` (paths). Of two with one id, the first.
    """
    statuses = {PUBLISHED, ARCHIVED} | ({DRAFT, REVIEW} if drafts else set())
    return corpus.select(
        document
        for document in corpus.documents
        if document.readable
        and document.path not in hidden
        and document.status in statuses
        and document.kind is not None
        and document.kind.parse_id(document.id)
        and corpus.by_id.get(document.id) is document
    )


def listed(corpus: Corpus) -> Corpus:
    """The shown documents that appear in lists and count in reports: archived ones don't."""
    return corpus.select(doc for doc in corpus.documents if doc.status != ARCHIVED)


@dataclass(frozen=True)
class Material:
    """The documents that have a page (see `shown`), the settings, the day, and what readers searched for
    without finding it, where someone exported it.
    """

    shown: Corpus
    settings: Settings
    today: datetime.date
    missed: tuple[Missed, ...] = ()

    @cached_property
    def corpus(self) -> Corpus:
        """The documents that count (see `listed`)."""
        return listed(self.shown)

    @property
    def limits(self) -> ReportSettings:
        """The thresholds of `site_config/reports.yml`."""
        return self.settings.reports

    @cached_property
    def cases(self) -> tuple[Document, ...]:
        """The cases, in the order of ids."""
        return self.of_kind("case")

    @cached_property
    def playbooks(self) -> tuple[Document, ...]:
        """The playbooks, in the order of ids."""
        return self.of_kind("playbook")

    @cached_property
    def lessons(self) -> tuple[Document, ...]:
        """The lessons, in the order of ids."""
        return self.of_kind("lesson")

    def of_kind(self, kind: str) -> tuple[Document, ...]:
        """The documents of a kind, in the order of ids."""
        found = (doc for doc in self.corpus.documents if doc.kind and doc.kind.name == kind)
        return tuple(sorted(found, key=lambda document: document.id))

    def spec(self, field: str, kind: str = "case") -> FieldSpec | None:
        """The declaration of a field; None where the owner has taken it out."""
        declared = self.settings.schema.kinds.get(kind)
        return declared.fields.get(field) if declared else None
