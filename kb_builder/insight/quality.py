"""体检: what the base itself lacks: fields, references, evidence, reviews, words."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from kb_builder.insight.material import Material
from kb_builder.insight.review import Due, standings
from kb_builder.insight.tables import (
    Cell,
    Column,
    Form,
    Headline,
    Picture,
    Report,
    Row,
    Section,
    Table,
    counted,
    share,
)
from kb_builder.model.corpus import references
from kb_builder.model.document import Document
from kb_builder.model.schema import FieldSpec, FieldType, Kind, Needed
from kb_builder.model.taxonomy import Vocabulary

_ASKED = (
    "complaint_subtype", "nature", "psychology", "complaint_stage", "department", "customer_retained",
    "satisfaction", "authority", "authority_gap", "handoffs", "attempts", "cost", "received_on",
    "replied_on", "resolved_on", "playbooks", "lessons", "quiz", "audience_role", "last_reviewed",
)  # fmt: skip
"""Optional fields that reports count by."""

_MISSING_FIELD = Column("count", "没填的篇数")
_SHARE = Column("share", "占应填的", Form.SHARE)


def quality(material: Material) -> Report:
    """The report."""
    kinds = material.settings.schema.kinds.values()
    unlinked = _unlinked(material)
    return Report(
        "quality",
        "体检",
        "知识库自己的毛病：缺哪些字段，哪些页面没有人用，哪些词查不到。",
        (
            Section("fields", "缺的字段", tuple(_fields(material, kind) for kind in kinds)),
            Section(
                "links",
                "没有连起来的",
                (unlinked, _broken(material)),
                "教训要说得出从哪件事来，预案要有案例证明用得上。",
            ),
            Section("age", "太久没看的", (_age(material),)),
            Section("words", "没用上的和查不到的词", (_unused(material), _missed(material))),
        ),
        headlines=tuple(
            Headline(row.label, f"{_number(row.cells[0])} 篇")
            for row in unlinked.rows
            if row.key in ("evidence", "cases")
        ),
    )


def _fields(material: Material, kind: Kind) -> Table:
    documents = material.of_kind(kind.name)
    asked = [
        spec
        for spec in kind.fields.values()
        if spec.needed is not Needed.OPTIONAL or spec.name in _ASKED
    ]
    rows = []
    for spec in asked:
        due = [one for one in documents if not _waived(spec, one)]
        lacking = tuple(one.id for one in due if not one.items(spec.name))
        if lacking:
            needed = "发布必填" if spec.needed is not Needed.OPTIONAL else "报表要用"
            cells = (counted(lacking), share(len(lacking), len(due)), Cell(needed))
            rows.append(Row(spec.name, spec.label, cells, lacking))
    rows.sort(key=lambda row: (-len(row.documents), row.key))
    return Table(
        key=f"fields-{kind.name}",
        title=f"{kind.label}缺的字段",
        definition=f"数没有填这个字段的{kind.label}；资料不全、可以少填的短案例，不算缺它们可以不填的字段；填满了的字段不列。",
        head="字段",
        columns=(_MISSING_FIELD, _SHARE, Column("needed", "为什么要填", Form.TEXT)),
        rows=tuple(rows),
        n=len(documents),
        known=len(documents),
        missing=f"没有缺的字段，{len(documents)} 篇{kind.label}都填满了。"
        if documents
        else f"还没有{kind.label}。用 kb new {kind.name} 写第一篇。",
        picture=Picture.BARS,
    )


def _waived(spec: FieldSpec, document: Document) -> bool:
    return spec.waived and document.short


def _unlinked(material: Material) -> Table:
    """What nobody refers to, and cases that point to no playbook."""
    named = _named(material)
    evidence = {
        item.text
        for case in material.cases
        if case.text("outcome")
        for name, item in references(case)
        if name == "playbooks"
    }
    whole = [case for case in material.cases if not case.short]
    lines = (
        ("lessons", "没有案例或页面提到的教训", [one for one in material.lessons if one.id not in named], len(material.lessons)),
        ("playbooks", "没有案例或页面提到的预案", [one for one in material.playbooks if one.id not in named], len(material.playbooks)),
        ("evidence", "没有案例证明的预案", [one for one in material.playbooks if one.id not in evidence], len(material.playbooks)),
        ("cases", "没有写适用预案的案例", [case for case in whole if not case.texts("playbooks")], len(whole)),
        ("lessonless", "没有写教训的案例", [case for case in whole if not case.texts("lessons")], len(whole)),
    )  # fmt: skip
    rows = tuple(
        Row(key, label, (counted(ids), share(len(ids), total)), ids)
        for key, label, found, total in lines
        for ids in (tuple(one.id for one in found),)
    )
    return Table(
        key="unlinked",
        title="没有连起来的页面",
        definition="提到：别的页面在开头的字段里写了它的编号，或在正文里链到它；证明：有写了处理结果的案例用了这份预案；短案例不要求写预案和教训，不算。",
        head="什么样的页面",
        columns=(Column("count", "篇数"), Column("share", "占同类的", Form.SHARE)),
        rows=rows,
        n=len(material.corpus.documents),
        known=len(material.corpus.documents),
        missing="还没有内容。用 kb new case 写第一篇案例。",
    )


def _named(material: Material) -> set[str]:
    """The ids that some other document names, in a field or by a link in its text."""
    by_path = {one.path: one.id for one in material.corpus.documents}
    found: set[str] = set()
    for document in material.corpus.documents:
        found.update(item.text for _, item in references(document) if item.text != document.id)
        for target in _linked(document):
            if target in by_path and target != document.path:
                found.add(by_path[target])
    return found


def _linked(document: Document) -> Iterable[str]:
    """The paths of files that the text links to."""
    folder = posixpath.dirname(document.path)
    for link in document.links:
        path = unquote(link.target.partition("#")[0].partition("?")[0])
        if path.endswith(".md"):
            yield posixpath.normpath(posixpath.join(folder, path))


def _broken(material: Material) -> Table:
    """References to what has no page: missing, or a draft."""
    rows: dict[str, list[str]] = defaultdict(list)
    for document in material.corpus.documents:
        for _, item in references(document):
            if item.text not in material.shown.by_id:
                rows[item.text].append(document.id)
    ordered = sorted(rows, key=lambda target: (-len(set(rows[target])), target))
    return Table(
        key="broken",
        title="指向看不到的页面",
        definition="数字段里写的编号，读者却看不到那一页的：没有这一篇，或者还是草稿；同一个编号合成一行。",
        head="写的编号",
        columns=(Column("count", "写了它的页面"),),
        rows=tuple(
            Row(target, target, (counted(rows[target]),), counted(rows[target]).documents)
            for target in ordered
        ),
        n=len(material.corpus.documents),
        known=len(material.corpus.documents),
        missing="没有断开的引用。",
    )


def _age(material: Material) -> Table:
    found = standings(material)
    kinds = material.settings.schema.kinds.values()
    rows = []
    for kind in kinds:
        mine = [one for one in found if one.document.kind is kind]
        late = [one.document.id for one in mine if one.due is Due.LATE]
        never = [one.document.id for one in mine if one.due is Due.NEVER]
        cells = (counted(late), counted(never), Cell(len(mine)))
        if mine:
            rows.append(Row(kind.name, kind.label, cells, tuple(sorted((*late, *never)))))
    return Table(
        key="age",
        title="过了复审日期的",
        definition="数有复审周期的页面里，过了日期的和从来没有写过最近复审的；按责任岗位和逐页的清单在“待复审”。",
        head="种类",
        columns=(
            Column("late", "过期"),
            Column("never", "从未复审"),
            Column("all", "有复审周期的"),
        ),
        rows=tuple(rows),
        n=len(material.corpus.documents),
        known=len(found),
        missing="没有一种页面定了复审周期。写在 site_config/checks.yml 的 review_months 里，例如“case: 24”。",
    )


def _unused(material: Material) -> Table:
    """Values of vocabularies that no document has."""
    declared = _vocabularies(
        spec for kind in material.settings.schema.kinds.values() for spec in kind.fields.values()
    )
    found = {vocabulary.name: vocabulary for vocabulary in declared}
    used = _used(material)
    rows = []
    for name, vocabulary in sorted(found.items()):
        idle = [value.label for value in vocabulary if value.id not in used.get(name, ())]
        if idle:
            cells = (Cell(len(idle)), Cell(len(vocabulary.values)), Cell("、".join(idle)))
            rows.append(Row(name, vocabulary.label, cells))
    rows.sort(key=lambda row: (-_number(row.cells[0]), row.key))
    total = sum(len(vocabulary.values) for vocabulary in found.values())
    return Table(
        key="unused",
        title="没有用上的词表值",
        definition="数词表里一篇也没有用到的值；长期用不上的，可以从 site_config/taxonomy/ 里删去，词表短一点更好选。",
        head="词表",
        columns=(
            Column("unused", "没用上"),
            Column("all", "共有"),
            Column("values", "哪些", Form.TEXT),
        ),
        rows=tuple(rows),
        n=total,
        known=total if material.corpus.documents else 0,
        missing="每个值都用上了。"
        if material.corpus.documents
        else "还没有内容。用 kb new case 写第一篇案例。",
        unit="个值",
    )


def _vocabularies(specs: Iterable[FieldSpec]) -> Iterator[Vocabulary]:
    """The vocabularies of these fields and of those inside groups; roles are no vocabulary of ours."""
    for spec in specs:
        if spec.type is FieldType.VOCABULARY and spec.vocabulary is not None:
            yield spec.vocabulary
        yield from _vocabularies((spec.fields or {}).values())


def _used(material: Material) -> Mapping[str, set[str]]:
    """Vocabulary → the ids of its values that some document has."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for document in material.corpus.documents:
        for use in document.every_field:
            if use.spec.vocabulary is not None:
                found[use.spec.vocabulary.name].update(item.text for item in use.items)
    return found


def _missed(material: Material) -> Table:
    total = sum(one.count for one in material.missed)
    return Table(
        key="missed",
        title="搜了没有结果的词",
        definition=f"数读者在搜索页上搜过、一条结果也没有的词，列最多的 {material.limits.top} 个；只有交来了导出文件才有。",
        head="搜的词",
        columns=(Column("count", "次数"),),
        rows=tuple(
            Row(one.text, one.text, (Cell(one.count),))
            for one in material.missed[: material.limits.top]
        ),
        n=total,
        known=total,
        missing="没有交来导出文件。在搜索页上按“导出没有结果的搜索”，再运行 kb build --missed kb-search-missed.json。",
        unit="次",
        note="一个词常常搜不到，要么缺案例，要么缺同义词（site_config/synonyms.txt）。",
    )


def _number(cell: Cell) -> int:
    return cell.value if isinstance(cell.value, int) else 0
