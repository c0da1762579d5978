"""The draft of a new case from a complaint: what was judged in its front matter, the text in its first
section.

The page makes the same draft without this program: `Form` holds what it needs for it, and
`browser/client/advice/draft.js` puts it together in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb_builder import drafting
from kb_builder.drafting import Draft, FieldValue, Numbers
from kb_builder.insight.judging import FieldJudgement
from kb_builder.model.document import DRAFT, Document
from kb_builder.model.schema import FieldType, Kind, Needed

_TITLE = "待定标题：{}"
_NOTHING = "客户投诉"
_TITLED = ("complaint_subtype", "complaint_type")
_CONTENT = "cases"
# What Markdown, or our own rules, could take for more than text.
_MARK = re.compile(r"[\\`*_\[\]({}<>#|~&!]")
_LIST = re.compile(r"([-+=:]|[0-9]{1,9}[.)])(?= |$)")
# A backslash before one of these is shown.
_ENTITIES = {
    "<": "&lt;", "&": "&amp;", "|": "&#124;", "~": "&#126;", "=": "&#61;", ":": "&#58;"
}  # fmt: skip
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


@dataclass(frozen=True, slots=True)
class Form:
    """What the draft of a new case is made with.

    `highest` is the highest number in use of each year, `sections` what the template says in each.
    """

    kind: Kind
    highest: Mapping[str, int]
    sections: Mapping[str, str]

    @property
    def folder(self) -> str:
        """Where the files of cases are, below the base, with `{year}` where it belongs."""
        return f"{_CONTENT}/{self.kind.folder}"


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A new case: its id, where its file belongs (below the base), its text."""

    id: str
    path: str
    text: str


def form_of(kind: Kind, documents: Iterable[Document], template: Sequence[str]) -> Form:
    """The form for the next case of a base."""
    numbers = Numbers(kind)
    for document in documents:
        numbers.note(document)
    return Form(kind, numbers.highest(), drafting.section_texts(template))


def draft_case(form: Form, judgement: Iterable[FieldJudgement], record: str, now: str) -> CaseDraft:
    """The draft of a case that was received now.

    Args:
        form: of the base.
        judgement: corrected; what is unsure is left for the editor.
        record: the text, without personal data; empty: the section stays as in the template.
        now: local time, 2026-11-22T15:20.
    """
    kind = form.kind
    known = {each.field: each.known() for each in judgement}
    day, _, time = now.partition("T")
    year = day[:4]
    identity = kind.make_id(int(year), form.highest.get(year, 0) + 1)
    named = [each.label for name in _TITLED for each in known.get(name, ())]
    fields: dict[str, FieldValue] = {
        "id": identity,
        "title": _TITLE.format(named[0] if named else _NOTHING),
        "occurred_on": day,
        "received_on": f"{day} {time}",
    }
    status = kind.fields["status"].vocabulary
    fields["status"] = status.label_of(DRAFT) if status is not None else DRAFT
    for name, suggestions in known.items():
        spec = kind.fields.get(name)
        if spec is not None and suggestions:
            labels = tuple(each.label for each in suggestions)
            fields[name] = labels if spec.many else labels[0]
    for spec in kind.fields.values():
        # A draft can't do without a channel; the first of the list is the most usual one.
        needed = spec.needed is Needed.DRAFT and spec.name not in fields
        if needed and spec.type is FieldType.VOCABULARY and spec.vocabulary is not None:
            first = next(iter(spec.vocabulary)).label
            fields[spec.name] = (first,) if spec.many else first
    sections = dict(form.sections)
    text = as_markdown(record)
    if text:
        sections[kind.sections[0]] = text
    made = drafting.render(
        Draft(kind, {k: v for k, v in fields.items() if k in kind.fields}, sections, reminders=True)
    )
    folder = form.folder.replace("{year}", year)
    return CaseDraft(identity, f"{folder}/{identity}.md", made)


def as_markdown(text: str) -> str:
    r"""Markdown that shows a text as it is: a quotation of one paragraph a line, for it is someone's words.

    >>> print(as_markdown("# 退钱\n\n1. 两千*块*"))
    > \# 退钱
    >
    > 1\. 两千\*块\*
    """
    cleaned = _SPACES.sub(
        " ", _INVISIBLE.sub("", re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029\t]", "\n", text))
    )
    lines = [line for line in map(_strip, cleaned.split("\n")) if line]
    return "\n>\n".join(f"> {_escape(line)}" for line in lines)


def _strip(line: str) -> str:
    return line.strip(" ")


def _escape(line: str) -> str:
    escaped = _MARK.sub(lambda match: _literal(match[0]), line)
    return (
        _LIST.sub(lambda match: match[1][:-1] + _literal(match[1][-1]), escaped, count=1)
        if _LIST.match(escaped)
        else escaped
    )


def _literal(mark: str) -> str:
    return _ENTITIES.get(mark, f"\\{mark}")
