"""What a page asks of the rest of the base: written down while it is made, asked again before it is made again.

A page that gets the same answers, from the same document, is the same page. Declared dependencies would be
forgotten when a page shows something new; what is asked can't be: whatever is not one of the few questions
written down here counts as a question about everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from markupsafe import Markup

from kb_builder.insight.facets import Choice, Facet
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.schema import Kind
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.links import Resolver
from kb_builder.site.sights import name_of, seal_of

Question = tuple[str, ...]
"""What is asked, and of what: `find` id, `referring` field id, `similar` id, `link` url, `everything`."""

Asked = dict[Question, str]
"""Questions with their answers in short."""

EVERYTHING: Question = ("everything",)


class Answers:
    """Answers questions of a base as it is now."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._answers: Asked = {}

    def answer(self, question: Question) -> str:
        """The answer in short, but for that to a link; two answers that differ differ in this too."""
        found = self._answers.get(question)
        if found is None:
            found = self._answers[question] = self._answer(question)
        return found

    def _answer(self, question: Question) -> str:
        match question:
            case ("find", id_):
                document = self._catalogue.corpus.by_id.get(id_)
                return _short([] if document is None else [document])
            case ("referring", field, id_):
                return _short(self._catalogue.listed.referring(field, id_))
            case ("similar", id_):
                return ",".join(self._catalogue.similar.get(id_, ()))
        return _short((*self._catalogue.corpus.documents, *self._catalogue.listed.documents))


class AskingCatalogue(Catalogue):
    """A catalogue that writes down in `asked` what it is asked.

    What follows from the settings, from a document it gave, and from which values have lists of their own
    is not written down.
    """

    asked: Asked

    def __init__(self, catalogue: Catalogue, answers: Answers) -> None:
        def ask(question: Question) -> None:
            self.asked[question] = answers.answer(question)

        super().__init__(
            settings=catalogue.settings,
            corpus=_AskingCorpus(catalogue.corpus, ask),
            listed=_AskingCorpus(catalogue.listed, ask),
            site_name=catalogue.site_name,
            site_url=catalogue.site_url,
            similar=_AskingSimilar(catalogue.similar, ask),
        )
        self.__dict__.update(_inner=catalogue, _ask=ask, asked={})

    def begin(self) -> Asked:
        """Begin anew: what is asked from now on."""
        asked: Asked = {}
        self.__dict__["asked"] = asked
        return asked

    def find(self, identity: str) -> Document | None:
        """The shown document with this id."""
        self._ask(("find", identity))
        return self._inner.find(identity)

    def badge(self, kind: Kind, field: str, value: str) -> Markup:
        """One value as a badge."""
        return self._inner.badge(kind, field, value)

    def card(self, document: Document, note: str = "") -> Markup:
        """A document as a card."""
        return self._inner.card(document, note)

    def row(self, document: Document) -> Markup:
        """A document as an entry of a list."""
        return self._inner.row(document)

    def of_kind(self, kind: str) -> tuple[Document, ...]:
        """The listed documents of a kind."""
        self._ask(EVERYTHING)
        return self._inner.of_kind(kind)

    @property
    def facets(self) -> tuple[Facet, ...]:
        """The facets of the listed documents."""
        self._ask(EVERYTHING)
        return self._inner.facets

    @property
    def choices(self) -> Mapping[tuple[str, str], Choice]:
        """Facet and value → the listed documents that have it."""
        self._ask(EVERYTHING)
        return self._inner.choices

    _inner: Catalogue
    _ask: Callable[[Question], None]


class _AskingCorpus(Corpus):
    """Documents that write down what is asked of them: who refers to whom, or anything else of all."""

    def __init__(self, corpus: Corpus, ask: Callable[[Question], None]) -> None:
        self.__dict__.update(_inner=corpus, _ask=ask)

    def referring(self, field_name: str, identity: str) -> tuple[Document, ...]:
        """The documents whose field names `identity`, in the order of their paths."""
        self._ask(("referring", field_name, identity))
        return self._inner.referring(field_name, identity)

    def __getattr__(self, name: str) -> object:
        """Anything else that a corpus has."""
        self._ask(EVERYTHING)
        return getattr(self._inner, name)

    _inner: Corpus
    _ask: Callable[[Question], None]


class _AskingSimilar(Mapping[str, tuple[str, ...]]):
    """Similar cases by id that write down whose were asked for."""

    def __init__(
        self, similar: Mapping[str, tuple[str, ...]], ask: Callable[[Question], None]
    ) -> None:
        self._similar = similar
        self._ask = ask

    def __getitem__(self, id_: str) -> tuple[str, ...]:
        self._ask(("similar", id_))
        return self._similar[id_]

    def __iter__(self) -> Iterator[str]:
        self._ask(EVERYTHING)
        return iter(self._similar)

    def __len__(self) -> int:
        self._ask(EVERYTHING)
        return len(self._similar)


class AskingResolver(Resolver):
    """A resolver that writes down where each link leads."""

    def __init__(self, resolver: Resolver, asked: Asked) -> None:
        super().__init__(
            resolver.targets, resolver.path, resolver.address, resolver.broken, resolver.strays
        )
        self._asked = asked

    def __call__(self, url: str) -> str | None:
        """The link as the page must write it; None when it leads nowhere."""
        found = super().__call__(url)
        self._asked["link", url] = link_answer(found)
        return found


def link_answer(found: str | None) -> str:
    """Where a link leads, as an answer."""
    return "" if found is None else f"={found}"


def _short(documents: Sequence[Document]) -> str:
    return seal_of(map(name_of, documents)) if documents else ""
