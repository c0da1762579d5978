"""What pages of many documents may see of them: looking further fails, and the seal changes with what is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import case, lesson
from site_base import MakeBase

from kb_builder import loader
from kb_builder.insight.material import shown
from kb_builder.loader import Base
from kb_builder.model.document import Document
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.sights import Sight, Sights, name_of, seals_of

EVERY = frozenset(Sight) - {Sight.NOTHING, Sight.WHOLE}
BODY = "## 记录\n\n{}\n\n## 总结\n\n录单要核对。\n"


@pytest.fixture
def base(make_base: MakeBase) -> Base:
    return loader.load(
        make_base(
            case(1, BODY.format("客户来电。")),
            case(2, BODY.format("来了两次。"), summary=""),
            lesson(),
        )
    )


def _sights(base: Base, documents: tuple[Document, ...] = ()) -> Sights:
    corpus = shown(base.corpus, drafts=True)
    if documents:
        changed = {document.path: document for document in documents}
        corpus = type(corpus)(tuple(changed.get(one.path, one) for one in corpus.documents))
    return Sights(Catalogue.of(base.settings, corpus, site_name="测试库", site_url=""))


def _edited(base: Base, number: int, old: str, new: str) -> Document:
    path = f"cases/resolved/2024/CASE-2024-{number:04d}.md"
    text = (base.root / path).read_text(encoding="utf-8")
    assert old in text
    (base.root / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    return loader.read_document(base.root, path, base.settings.schema)


def test_the_front_is_seen_as_it_is(base: Base) -> None:
    whole = shown(base.corpus, drafts=True)
    seen = _sights(base).catalogue(Sight.FRONT)
    for one in whole.documents:
        front = seen.corpus.by_id[one.id]
        assert (front.title, front.status, front.path) == (one.title, one.status, one.path)
        assert front.fields == one.fields
        assert front.kind is one.kind
        assert [use.items for use in front.every_field] == [use.items for use in one.every_field]


@pytest.mark.parametrize(
    "what", ["body", "sections", "headings", "prose", "lines", "digest", "links", "account"]
)
@pytest.mark.parametrize("sight", sorted(EVERY))
def test_who_looks_further_fails(base: Base, sight: Sight, what: str) -> None:
    if what == sight:
        return
    for document in _sights(base).catalogue(sight).corpus.documents:
        with pytest.raises(AssertionError, match="out of sight"):
            list(getattr(document, what))


def test_an_opening_is_seen_with_the_abstract_only(base: Base) -> None:
    sights = _sights(base)
    front, abstract = (
        sights.catalogue(sight).corpus.by_id["CASE-2024-0002"]
        for sight in (Sight.FRONT, Sight.ABSTRACT)
    )
    assert abstract.abstract == "来了两次。"
    with pytest.raises(AssertionError, match="out of sight"):
        front.abstract  # noqa: B018
    assert (
        sights.catalogue(Sight.FRONT).corpus.by_id["CASE-2024-0001"].abstract.startswith("客户订")
    )


def test_links_and_accounts_are_seen_as_they_are(base: Base) -> None:
    whole = shown(base.corpus, drafts=True)
    sights = _sights(base)
    for one in whole.documents:
        assert sights.catalogue(Sight.ACCOUNT).corpus.by_id[one.id].account == one.account
        linked = sights.catalogue(Sight.LINKS).corpus.by_id[one.id]
        assert [link.target for link in linked.links] == [link.target for link in one.links]


def test_nothing_is_seen_of_anything(base: Base) -> None:
    assert not _sights(base).catalogue(Sight.NOTHING).corpus.documents


@pytest.mark.parametrize(
    ("number", "old", "new", "seen"),
    [
        (1, "客户来电。", "客户来信。", {Sight.ACCOUNT}),
        (2, "录单要核对。", "录单要核对两遍。", set()),
        (2, "来了两次。", "来了三次。", {Sight.ABSTRACT, Sight.ACCOUNT}),
        (1, "录单要核对。", "见[教训](../../../lessons/LS-001.md)。", {Sight.LINKS}),
        (1, "第 1 件投诉", "第一件投诉", EVERY),
        (1, "status: 已发布", "status: 草稿", EVERY),
    ],
)
def test_a_seal_changes_with_what_is_seen(
    base: Base, number: int, old: str, new: str, seen: set[Sight]
) -> None:
    before = _sights(base)
    after = _sights(base, (_edited(base, number, old, new),))
    changed = {sight for sight in Sight if before.seal(sight) != after.seal(sight)}
    assert changed == {*seen, Sight.WHOLE}


def test_seals_that_are_known_are_those_that_would_be_found(base: Base) -> None:
    documents = shown(base.corpus, drafts=True).documents
    known = {name_of(document): seals_of(document) for document in documents}
    sights = _sights(base)
    again = Sights(sights.catalogue(Sight.WHOLE), known)
    assert again.seals == sights.seals
    assert again.seal(Sight.ABSTRACT) == sights.seal(Sight.ABSTRACT)


def test_a_seal_does_not_depend_on_lines(base: Base) -> None:
    """What the public may see of a document has none of those of its front matter."""
    one, other = (
        replace(_edited(base, 1, old, new), lines=("",) * 9)
        for old, new in (("第 1 件投诉", "第甲件投诉"), ("第甲件投诉", "第乙件投诉"))
    )
    assert one.title != other.title
    assert seals_of(one) != seals_of(other)
