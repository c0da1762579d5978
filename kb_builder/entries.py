"""What the search knows of a base: its words; of a document: its texts by weight, its facets, its date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kb_builder.analysis.analyzer import Analyzer
from kb_builder.index import CountStore, Entry
from kb_builder.index.entry import UNSHOWN
from kb_builder.index.fields import STATUS, Fields, Names
from kb_builder.model.document import Document
from kb_builder.model.plain import plain
from kb_builder.model.schema import FieldSpec, FieldType
from kb_builder.model.settings import Settings
from kb_builder.model.values import Item

BODY = "body"
"""The name under which the text after the front matter is searched."""

_BODY_WEIGHT = 1
_COUNTS = "analysis"


def analyzer_of(settings: Settings) -> Analyzer:
    """The analyzer of a base: jieba's dictionary and the base's own words."""
    labels = (value.label for words in settings.vocabularies.values() for value in words)
    terms = (word for term in settings.glossary for word in (term.term, *term.aliases))
    return Analyzer((*settings.dictionary, *labels, *terms))


def fields_of(settings: Settings) -> Fields:
    """What a reader may write before and after the colon of 字段:值."""
    facets: dict[str, tuple[Names, tuple[Names, ...]]] = {}
    for kind in settings.schema.kinds.values():
        for spec in (*kind.facets(), kind.fields.get(STATUS)):
            if spec is not None and spec.name not in facets:
                values = tuple(spec.vocabulary) if spec.vocabulary else ()
                facets[spec.name] = (
                    Names(spec.name, (spec.label,)),
                    tuple(Names(value.id, (value.label, *value.aliases)) for value in values),
                )
    kinds = (Names(kind.name, (kind.label,)) for kind in settings.schema.kinds.values())
    return Fields(kinds, facets.values())


VERSION = 2
"""Raise it whenever the same document gives another entry: then the index is brought up to date."""


def count_store(
    state: Path, analyzer: Analyzer, *, documents: int, complete: bool = False
) -> CountStore:
    """The counts kept in the state folder of a base: see `CountStore`."""
    return CountStore(state / _COUNTS, analyzer, documents=documents, complete=complete)


def entry_of(document: Document) -> Entry:
    """The entry of a document that belongs to a kind."""
    assert document.kind is not None
    texts = [
        (spec.name if spec.shown else UNSHOWN + spec.name, spec.weight, text)
        for spec in document.kind.fields.values()
        if (items := document.items(spec.name)) and (text := _text_of(spec, items))
    ]
    # The title first: ranking weighs it most, and a hit shows it.
    texts.sort(key=lambda entry: entry[0] != "title")
    texts.append((BODY, _BODY_WEIGHT, plain(document.lines[document.body_line :])))
    when = document.date("occurred_on")
    return Entry(
        id=document.id,
        kind=document.kind.name,
        title=document.title,
        address=f"{document.kind.address}/{document.id}/",
        texts=tuple((name, weight or _BODY_WEIGHT, text) for name, weight, text in texts),
        facets={
            "status": (document.status,),
            **{spec.name: document.texts(spec.name) for spec in document.kind.facets()},
        },
        date=when.text[:10] if when else "",
    )


def _text_of(spec: FieldSpec, items: tuple[Item, ...]) -> str:
    return "\n".join(_texts(spec, items))


def _texts(spec: FieldSpec, items: tuple[Item, ...]) -> Iterator[str]:
    if spec.type is FieldType.GROUP:
        assert spec.fields is not None
        for item in items:
            for inner in spec.fields.values():
                yield from _texts(inner, item.group.items(inner.name))
    elif spec.weight:
        yield from (item.text for item in items)
