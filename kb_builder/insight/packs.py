"""What each role is to be taught: lessons, the cases that teach them, what to say, questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kb_builder.insight import listing
from kb_builder.insight.material import Material
from kb_builder.insight.relations import contrast_pairs
from kb_builder.model.document import Document
from kb_builder.model.schema import FieldType
from kb_builder.model.taxonomy import Value

NEWCOMER = "newcomer"
"""The role that gets a reading list."""

AUDIENCE = "audience_role"
"""The field in which a lesson says who is to learn it."""

READING_SPEED = 300
"""Characters a minute: slow enough to think while reading."""

_FIRST_LESSONS = 6
_FIRST_CASES = 4
_FIRST_PLAYBOOKS = 3
"""How much a newcomer is asked to read: about as much as a first fortnight leaves room for."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a lesson; `answer` is the place of the right option, from 1."""

    lesson: Document
    text: str
    options: tuple[str, ...]
    answer: int
    why: str

    @property
    def letter(self) -> str:
        """The letter of the right option, as readers see the options."""
        return chr(ord("A") + self.answer - 1)


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything a role is to learn, the most important first.

    `lessons` name the role; `cases` teach one of these lessons, `pairs` are contrasts with one of these
    cases in them, `playbooks` say how such cases are handled and have words for it.
    """

    role: Value
    lessons: tuple[Document, ...]
    cases: tuple[Document, ...]
    pairs: tuple[tuple[Document, Document], ...]
    playbooks: tuple[Document, ...]

    def of_kind(self, *kinds: str) -> tuple[Document, ...]:
        """The cases of these kinds, such as `negative`."""
        return tuple(case for case in self.cases if case.text("case_kind") in kinds)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of the lessons, in their order."""
        return tuple(one for lesson in self.lessons for one in questions(lesson))


@dataclass(frozen=True, slots=True)
class Reading:
    """A page to read, how long it takes, and which lessons of the role it is there for."""

    document: Document
    minutes: int
    teaches: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingList:
    """What to read first, in three steps: lessons, cases that teach them, playbooks to follow."""

    lessons: tuple[Reading, ...]
    cases: tuple[Reading, ...]
    playbooks: tuple[Reading, ...]

    @property
    def minutes(self) -> int:
        """How long all of it takes."""
        return sum(one.minutes for one in (*self.lessons, *self.cases, *self.playbooks))


def packs(material: Material) -> tuple[Pack, ...]:
    """A pack for every role that a lesson can name, in the order of the vocabulary, also when empty."""
    spec = material.spec(AUDIENCE, "lesson")
    if spec is None or spec.vocabulary is None:
        return ()
    pairs = contrast_pairs(material.corpus)
    return tuple(_pack(material, role, pairs) for role in spec.vocabulary)


def questions(lesson: Document) -> tuple[Question, ...]:
    """The questions of a lesson that can be answered: KB445 reports an answer outside the options."""
    found = []
    for group in lesson.groups("quiz"):
        options = group.texts("options")
        answer = group.items("answer")
        place = answer[0].value if answer else 0
        if isinstance(place, int) and 1 <= place <= len(options):
            found.append(
                Question(lesson, group.text("question"), options, place, group.text("why"))
            )
    return tuple(found)


def reading_list(pack: Pack) -> ReadingList:
    """What a newcomer reads first: the lessons most cases teach; few cases that teach as many of the
    pack's lessons as possible; the playbooks by which such cases are handled.
    """
    return ReadingList(
        tuple(Reading(one, minutes(one)) for one in pack.lessons[:_FIRST_LESSONS]),
        tuple(_covering(pack)),
        tuple(Reading(one, minutes(one)) for one in pack.playbooks[:_FIRST_PLAYBOOKS]),
    )


def minutes(document: Document) -> int:
    """How long a page takes to read, from its body and the texts of its fields that readers see."""
    texts = [document.body]
    for use in document.every_field:
        if use.spec.type is FieldType.TEXT and use.spec.shown:
            texts += [item.text for item in use.items]
    length = sum(len("".join(text.split())) for text in texts)
    return max(1, round(length / READING_SPEED))


def _pack(
    material: Material, role: Value, contrasts: tuple[tuple[Document, Document], ...]
) -> Pack:
    taught = {
        lesson.id: material.corpus.referring("lessons", lesson.id)
        for lesson in material.lessons
        if role.id in lesson.texts(AUDIENCE)
    }
    lessons = [lesson for lesson in material.lessons if lesson.id in taught]
    lessons.sort(key=lambda lesson: (-len(taught[lesson.id]), lesson.id))
    cases = _unique(case for found in taught.values() for case in found)
    cases.sort(
        key=lambda case: (-len(_teaches(case, taught)), -listing.rank(case, "severity"), case.id)
    )
    ids = {case.id for case in cases}
    pairs = [pair for pair in contrasts if ids.intersection(one.id for one in pair)]
    pairs.sort(key=lambda pair: -len(ids.intersection(one.id for one in pair)))
    used = Counter(id_ for case in cases for id_ in dict.fromkeys(case.texts("playbooks")))
    playbooks = [
        playbook
        for playbook in material.playbooks
        if used[playbook.id] and (playbook.texts("scripts") or playbook.texts("banned_phrases"))
    ]
    playbooks.sort(key=lambda playbook: (-used[playbook.id], playbook.id))
    return Pack(role, tuple(lessons), tuple(cases), tuple(pairs), tuple(playbooks))


def _covering(pack: Pack) -> list[Reading]:
    """Cases that together teach as many of the lessons as possible: each adds the most new ones."""
    lessons = {lesson.id: lesson for lesson in pack.lessons}
    left = set(lessons)
    found: list[Reading] = []
    while len(found) < _FIRST_CASES:
        best = max(pack.cases, key=lambda case: len(_teaches(case, left)), default=None)
        new = _teaches(best, left) if best else []
        if best is None or not new:
            break
        found.append(Reading(best, minutes(best), tuple(lessons[id_] for id_ in new)))
        left.difference_update(new)
    return found


def _teaches(case: Document, lessons: Iterable[str]) -> list[str]:
    wanted = set(lessons)
    return [id_ for id_ in dict.fromkeys(case.texts("lessons")) if id_ in wanted]


def _unique(documents: Iterable[Document]) -> list[Document]:
    return list({document.id: document for document in documents}.values())
