"""What the program answers to the complaint texts of this folder, beside what is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from kb_builder import loader, precedents
from kb_builder.entries import analyzer_of, entry_of
from kb_builder.index import Filters, Searcher, update
from kb_builder.insight import advice
from kb_builder.insight.advice import Advice
from kb_builder.insight.guidance import facts_of
from kb_builder.insight.judging import Lexicon
from kb_builder.insight.material import listed, shown

ROOT = Path(__file__).parents[2]
COMPLAINTS = Path(__file__).parent / "complaints.yml"
FRESH = Path(__file__).parent / "fresh.yml"
NOW = "2026-11-22T15:20"


@dataclass(frozen=True)
class Text:
    """A complaint and what is right for it; the first of several is the one meant."""

    id: str
    text: str
    cases: Sequence[str]
    playbooks: Sequence[str]
    expects: Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Answer:
    """A complaint with the advice on it."""

    asked: Text
    given: Advice

    @property
    def found(self) -> tuple[str, ...]:
        """The first three cases."""
        return tuple(case.id for case in self.given.cases[:3])

    @property
    def opened(self) -> str:
        """The playbook to open first."""
        return self.given.playbooks[0].id

    @property
    def offered(self) -> tuple[str, ...]:
        """The first three playbooks."""
        return tuple(playbook.id for playbook in self.given.playbooks[:3])

    def missed(self) -> Iterator[tuple[str, object, object]]:
        """What the text clearly says and was not seen so: field, said, seen."""
        judged = {each.field: each for each in self.given.judgement}
        for field, said in self.asked.expects.items():
            seen = [each.value for each in judged[field].known()]
            wanted = [said] if isinstance(said, str) else list(said)
            if not set(wanted) <= set(seen) or (not wanted and seen):
                yield field, wanted, seen


def texts(file: Path = COMPLAINTS) -> list[Text]:
    """The texts of a file."""
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        Text(row["id"], row["text"], row["cases"], row["playbooks"], row.get("expects", {}))
        for row in rows
    ]


def answer(asked: Sequence[Text], folder: Path) -> list[Answer]:
    """The advice of this repository's base; its index is made in `folder`."""
    base = loader.load(ROOT)
    known = listed(shown(base.corpus, drafts=False))
    analyzer = analyzer_of(base.settings)
    documents = {document.id: document for document in known.documents}
    digests = {id_: document.digest for id_, document in documents.items()}
    update(folder, analyzer, digests, lambda id_: entry_of(documents[id_]))
    guidance = precedents.guidance(base, known)
    lexicon = Lexicon(guidance.cues)
    searcher = Searcher.open(folder, analyzer, base.settings.synonyms)
    answers = []
    for each in asked:
        wanted = advice.sought(each.text, lexicon)
        cases = Filters(kind=precedents.CASE)
        hits = searcher.similar(wanted, cases, advice.SHOWN_CASES, said=each.text).hits
        pages = searcher.similar(wanted, Filters(kind=precedents.PLAYBOOK), advice.PLAYBOOKS).hits
        alike = {hit.hit.id: hit.hit.score for hit in pages}
        found = [
            advice.FoundCase(facts_of(known.by_id[hit.hit.id], known), hit.hit.score, hit.because)
            for hit in hits
        ]
        given = advice.advise(each.text, found, guidance, lexicon, now=NOW, alike=alike)
        answers.append(Answer(each, given))
    searcher.close()
    return answers
