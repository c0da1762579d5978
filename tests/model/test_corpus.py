"""Documents together: ids and how they refer to each other."""

from __future__ import annotations

import pytest

from kb_builder.loader import Base
from kb_builder.model import document
from kb_builder.model.corpus import Corpus, references
from kb_builder.model.settings import Settings


def corpus(settings: Settings, **texts: str) -> Corpus:
    """Documents by path (with `__` for `/`) and front matter."""
    return Corpus(
        tuple(
            document.build(
                f"cases/{path.replace('__', '/').replace('_', '-')}.md",
                f"---\n{text}\n---\n".encode(),
                settings.schema,
            )
            for path, text in sorted(texts.items())
        )
    )


def test_back_references_are_computed(base: Base) -> None:
    found = base.corpus.referring("lessons", "LS-001")
    assert [each.id for each in found] == ["CASE-2024-0001", "CASE-2024-0002"]
    assert base.corpus.referring("playbooks", "LS-001") == ()
    assert base.corpus.referring("lessons", "LS-999") == ()


def test_references_have_their_field(base: Base) -> None:
    found = [(name, item.text) for name, item in references(base.corpus.by_id["CASE-2024-0001"])]
    assert found == [
        ("lessons", "LS-001"),
        ("lessons", "LS-002"),
        ("playbooks", "PB-001"),
        ("contrast_with", "CASE-2024-0002"),
        ("related", "CASE-2023-0001"),
    ]


def test_an_id_is_that_of_the_file_with_its_name(settings: Settings) -> None:
    found = corpus(settings, playbooks__A="id: PB-001", playbooks__PB_001="id: PB-001")
    assert found.by_id["PB-001"].name == "PB-001"
    found = corpus(settings, playbooks__A="id: PB-001", playbooks__B="id: PB-001")
    assert found.by_id["PB-001"].name == "A"


def test_a_selection_keeps_order_and_pages(base: Base) -> None:
    documents = base.corpus.documents
    some = base.corpus.select([documents[3], documents[1]])
    assert some.documents == (documents[1], documents[3])
    assert some.pages == base.corpus.pages == {"cases/index.md", "cases/guide/writing.md"}


@pytest.mark.parametrize(
    ("text", "kind", "meant"),
    [
        ("CASE-2024-0003", "case", "CASE-2024-0001"),
        ("CASE-2042-0001", "case", "CASE-2024-0001"),
        ("CSAE-2024-0002", "case", "CASE-2024-0002"),
        ("CASE-2024-00002", "case", "CASE-2024-0002"),
        ("case-2023-1", "case", "CASE-2023-0001"),
        ("PB-01", "playbook", "PB-001"),
        ("PB-0001", "playbook", "PB-001"),
        ("LS-001", "playbook", None),
        ("PB-999", "playbook", None),
        ("", "playbook", None),
        ("甲" * 5_000, "playbook", None),
    ],
)
def test_the_nearest_id(base: Base, text: str, kind: str, meant: str | None) -> None:
    kinds = base.settings.schema.kinds
    assert base.corpus.nearest_id(text, kinds[kind]) == meant


def test_ids_of_a_kind(base: Base) -> None:
    assert base.corpus.ids["playbook"] == ("PB-001", "PB-002")
    assert base.corpus.ids["case"][0] == "CASE-0000-0001"
