"""Everything pages need to know about a base: what is shown, where, and as which badge or card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from markupsafe import Markup, escape

from kb_builder.insight.facets import Choice, Facet, facets
from kb_builder.insight.material import listed
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import PUBLISHED, Document
from kb_builder.model.schema import Kind
from kb_builder.model.settings import Counterpoint, Settings
from kb_builder.site import fragments
from kb_builder.site.links import ROOT

_FIRST_FACETS = (
    "complaint_type", "psychology", "severity", "appeal", "outcome", "case_kind", "cause", "channel",
    "industry",
)  # fmt: skip
_ROW_BADGES = ("case_kind", "severity", "outcome", "phase", "lesson_kind")


@dataclass(frozen=True)
class Catalogue:
    """The documents shown and what the base declares.

    `corpus` holds every document that has a page, `listed` those that appear in lists and among
    back references (archived ones don't). `site_url` is empty when the owner has not set it.
    `similar` are the ids of the cases that the program finds like a case, by its id. `seals` change with what
    rows and cards show of a document, by its path.
    """

    settings: Settings
    corpus: Corpus
    listed: Corpus
    site_name: str
    site_url: str = ""
    similar: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seals: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(
        settings: Settings,
        corpus: Corpus,
        *,
        site_name: str,
        site_url: str,
        similar: Mapping[str, tuple[str, ...]] | None = None,
        seals: Mapping[str, str] | None = None,
    ) -> Catalogue:
        """The catalogue of the documents in `corpus`, all of which are shown."""
        found = listed(corpus)
        return Catalogue(settings, corpus, found, site_name, site_url, similar or {}, seals or {})

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """The facets of the listed documents that can be part of an address; first those that a
        reader can answer while the customer is still talking, then the others as declared.
        """
        found = facets(self.listed.documents, self.settings.schema)
        order = {name: place for place, name in enumerate(_FIRST_FACETS)}
        return tuple(
            sorted(
                (facet for facet in found if fragments.is_safe_name(facet.name)),
                key=lambda facet: order.get(facet.name, len(order)),
            )
        )

    @cached_property
    def choices(self) -> Mapping[tuple[str, str], Choice]:
        """Facet and value → the listed documents that have it, for every value with a page."""
        return {
            (facet.name, choice.id): choice
            for facet in self.facets
            for choice in facet.choices
            if fragments.is_safe_name(choice.id)
        }

    @cached_property
    def _badges(self) -> dict[tuple[str, str, str], Markup]:
        return {}

    @cached_property
    def _cards(self) -> dict[tuple[str, str], Markup]:
        return {}

    @cached_property
    def _rows(self) -> dict[str, Markup]:
        return {}

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Document, ...]]:
        found: defaultdict[str, list[Document]] = defaultdict(list)
        for document in self.listed.documents:
            found[kind_of(document).name].append(document)
        return {kind: tuple(documents) for kind, documents in found.items()}

    def of_kind(self, kind: str) -> tuple[Document, ...]:
        """The listed documents of a kind, in the order of their paths."""
        return self._by_kind.get(kind, ())

    def find(self, identity: str) -> Document | None:
        """The shown document with this id."""
        return self.corpus.by_id.get(identity)

    def address(self, document: Document) -> str:
        """The address of a shown document, such as `c/CASE-2016-0001/`."""
        return address_of(kind_of(document), document.id)

    def badges(self, document: Document, field: str) -> Markup:
        """All values of a vocabulary field as badges."""
        spec = kind_of(document).fields.get(field)
        if spec is None:
            return Markup()
        return Markup().join(
            self.badge(kind_of(document), field, value) for value in document.texts(field)
        )

    def badge(self, kind: Kind, field: str, value: str) -> Markup:
        """One value as a badge."""
        key = (kind.name, field, value)
        found = self._badges.get(key)
        if found is None:
            spec = kind.fields[field]
            label = value
            if spec.vocabulary is not None and value in spec.vocabulary.values:
                label = spec.vocabulary.label_of(value)
            elif value == spec.none_id:
                label = spec.none_label
            found = self._badges[key] = fragments.badge(
                field,
                value,
                label,
                linked=(field, value) in self.choices,
                level=fragments.severity_level(spec, value),
            )
        return found

    def card(self, document: Document, note: str = "") -> Markup:
        """A document as a card: kind, title and its one-line summary, all of it a link; above them
        what is noted about it.
        """
        found = self._cards.get((document.path, note))
        if found is None:
            noted = f'<span class="kb-badge kb-card-note">{escape(note)}</span>' if note else ""
            found = self._cards[document.path, note] = Markup(  # noqa: S704  all text is escaped
                f'<a class="kb-card" href="{ROOT}{self.address(document)}">{noted}'
                f'<span class="kb-card-kind">{escape(self._kind_line(document))}</span>'
                f"<strong>{escape(document.title)}</strong>"
                f'<span class="kb-card-text">{escape(document.abstract)}</span></a>'
            )
        return found

    def row(self, document: Document) -> Markup:
        """A document as an entry of a list."""
        found = self._rows.get(document.path)
        if found is None:
            summary = document.abstract
            facts = (document.id, fragments.when_text(document), document.text("product"))
            badges = "".join(
                self.badges(document, field) for field in _ROW_BADGES if field in document.fields
            )
            found = self._rows[document.path] = Markup(  # noqa: S704  all text is escaped
                f'<li class="kb-row"><h3><a href="{ROOT}{self.address(document)}">'
                f"{escape(document.title)}</a></h3>"
                + (f"<p>{escape(summary)}</p>" if summary else "")
                + f'<p class="kb-row-meta">{self._status(document)}{badges}'
                f"<span>{escape(' · '.join(filter(None, facts)))}</span></p></li>\n"
            )
        return found

    def cards(self, documents: Iterable[Document]) -> Markup:
        """Several documents as cards."""
        return Markup().join(map(self.card, documents))

    def references(self, document: Document, field: str) -> tuple[Document, ...]:
        """The shown documents that a reference field names, in the order written."""
        found = (self.find(identity) for identity in dict.fromkeys(document.texts(field)))
        return tuple(one for one in found if one is not None and one is not document)

    def counterpoints(self, identity: str) -> tuple[Counterpoint, ...]:
        """The contradictions that name a page."""
        return tuple(point for point in self.settings.counterpoints if identity in point.pages)

    def _kind_line(self, document: Document) -> str:
        kind = kind_of(document)
        fields = ("case_kind", "phase", "lesson_kind")
        known = [fragments.label_of(document, field) for field in fields if field in kind.fields]
        label = next(filter(None, known), "")
        # A lesson of the kind “教训” need not say so twice.
        parts = (kind.label, label if label != kind.label else "", document.id)
        return " · ".join(filter(None, parts)) + self._status_words(document)

    def _status_words(self, document: Document) -> str:
        if document.status == PUBLISHED:
            return ""
        return f" · {fragments.label_of(document, 'status') or '草稿'}"

    def _status(self, document: Document) -> Markup:
        if document.status == PUBLISHED:
            return Markup()
        label = fragments.label_of(document, "status") or "草稿"
        return fragments.badge("status", document.status, label, linked=False)


def kind_of(document: Document) -> Kind:
    """The kind of a shown document, which always has one."""
    assert document.kind is not None
    return document.kind


def address_of(kind: Kind, identity: str) -> str:
    """The address of the page with this id."""
    return f"{kind.address}/{identity}/"
