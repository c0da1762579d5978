"""What the page 找先例 needs of a base, for `client/advice/`: FORMAT.md has the shape.

Fetched only when a complaint is pasted: two shards that are the same for every text, and of the cases'
facts only those shards that hold a case found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from kb_builder import drafting
from kb_builder.analysis.folding import simplified_table
from kb_builder.browser.documents import BLOCK_SIZE
from kb_builder.browser.files import deflate, to_json
from kb_builder.insight.case_draft import Form
from kb_builder.insight.guidance import CaseFacts, Guidance
from kb_builder.insight.matching import SHOWN_STEPS, Playbook
from kb_builder.model.cues import Cues
from kb_builder.model.document import DRAFT
from kb_builder.model.schema import FieldSpec, Needed


@dataclass(frozen=True, slots=True)
class AdviceData:
    """What is written: the guidance of a base, the facts of its cases, and what its privacy gate knows."""

    guidance: Guidance
    facts: Sequence[CaseFacts]
    gate: Mapping[str, object]


def shards(data: AdviceData) -> dict[str, list[bytes]]:
    """The shards of the sets `advice` (the guidance, and the sayings), `privacy`, and `facts`, in the order
    of ids.
    """
    rows = [to_json(_row(facts)) for facts in sorted(data.facts, key=lambda facts: facts.id)]
    firsts: list[str] = []
    made: list[bytes] = []
    ids = sorted(facts.id for facts in data.facts)
    for start, stop in _cuts(rows):
        firsts.append(ids[start])
        made.append(deflate(b"[" + b",".join(rows[start:stop]) + b"]"))
    head = {**guidance_json(data.guidance), "facts": firsts}
    sayings = head.pop("sayings")
    return {
        "advice": [deflate(to_json(head)), deflate(to_json(sayings))],
        "facts": made,
        "privacy": [deflate(to_json(data.gate))],
    }


def guidance_json(guidance: Guidance) -> dict[str, object]:
    """What is the same for every text, as the client reads it."""
    return {
        "cues": _cues(guidance.cues),
        "fields": [
            [
                field.name,
                field.label,
                field.many,
                list(field.values.items()),
                field.parent,
                dict(field.parents or {}),
            ]
            for field in guidance.fields.values()
        ],
        "playbooks": [_playbook(playbook) for playbook in guidance.playbooks],
        "sayings": [[playbook.id, list(playbook.says)] for playbook in guidance.playbooks],
        "reply_hours": dict(guidance.reply_hours),
        "form": _form(guidance.form),
        "traditional": _traditional(guidance),
    }


def _playbook(playbook: Playbook) -> dict[str, object]:
    row = asdict(playbook)
    row["steps"] = row["steps"][:SHOWN_STEPS]
    del row["says"]
    return row


def _cues(cues: Cues) -> dict[str, object]:
    return {
        "groups": [
            [group.field, group.value, group.strong, group.weak, group.cancelled]
            for group in cues.groups
        ],
        "themes": [[theme.says, theme.means] for theme in cues.themes],
        "negations": cues.negations,
        "jest": cues.jest,
        "implied": cues.implied,
        "together": cues.together,
        "presumed": cues.presumed,
    }


def _form(form: Form) -> dict[str, object]:
    kind = form.kind
    status = kind.fields["status"].vocabulary
    return {
        "id": kind.id_form,
        "folder": form.folder,
        "highest": dict(form.highest),
        "status": status.label_of(DRAFT) if status is not None else DRAFT,
        "reminding": drafting.REMINDING,
        "entries": [
            [spec.name, spec.many, _default(spec), _reminder(spec)] for spec in kind.fields.values()
        ],
        "sections": [[title, form.sections.get(title, "").strip("\n")] for title in kind.sections],
    }


def _default(spec: FieldSpec) -> str:
    if spec.needed is not Needed.DRAFT or spec.vocabulary is None:
        return ""
    return next(iter(spec.vocabulary)).label


def _reminder(spec: FieldSpec) -> list[str]:
    return list(drafting.reminder(spec)) if spec.needed is Needed.PUBLISH else []


def _traditional(guidance: Guidance) -> dict[str, str]:
    """What folds to a character of a cue or saying: the index only lists what folds to one of its own."""
    cues = guidance.cues
    phrases: Iterable[str] = (
        *(phrase for each in cues.groups for phrase in (*each.strong, *each.weak, *each.cancelled)),
        *(phrase for theme in cues.themes for phrase in theme.says),
        *cues.negations,
        *cues.jest,
        *(saying for playbook in guidance.playbooks for saying in playbook.says),
    )
    used = {char for phrase in phrases for char in phrase}
    return {source: target for source, target in simplified_table().items() if target in used}


def _row(facts: CaseFacts) -> dict[str, object]:
    # Not `asdict` of the whole: it copies every text of every case.
    row: dict[str, object] = {each.name: getattr(facts, each.name) for each in fields(facts)}
    row["lessons"] = [asdict(link) for link in facts.lessons]
    row["contrast"] = asdict(facts.contrast) if facts.contrast else None
    return {name: value for name, value in row.items() if value or name == "contrast"}


def _cuts(rows: Sequence[bytes]) -> Iterable[tuple[int, int]]:
    """Where to cut, so that a shard is about as large as one of documents."""
    sample = rows[:: len(rows) // 200 + 1]
    size = sum(len(deflate(row)) for row in sample) // max(len(sample), 1)
    # Rows in one shard resemble each other: together they take less than half.
    block = max(2 * BLOCK_SIZE // max(size, 1), 1)
    return ((start, min(start + block, len(rows))) for start in range(0, len(rows), block))
