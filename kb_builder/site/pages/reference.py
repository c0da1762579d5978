"""Pages that explain the base itself: glossary, fields, rules, statistics, contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from kb_builder.insight import pinyin
from kb_builder.insight.shares import shares
from kb_builder.model.schema import FieldSpec, FieldType, Needed
from kb_builder.model.settings import Term
from kb_builder.site import templates
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.markdown import Heading
from kb_builder.site.pages import SitePage

_TYPES = {
    FieldType.TEXT: "文字",
    FieldType.NUMBER: "整数",
    FieldType.BOOLEAN: "是或否",
    FieldType.DATE: "日期",
    FieldType.MOMENT: "日期或时刻",
    FieldType.ROLE: "岗位",
    FieldType.VOCABULARY: "词表",
    FieldType.REFERENCE: "编号",
    FieldType.ID: "编号",
    FieldType.GROUP: "一组字段",
}
_NEEDED = {Needed.DRAFT: "草稿必填", Needed.PUBLISH: "发布必填", Needed.OPTIONAL: "选填"}


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule as its page shows it; `html` is the cleaned explanation."""

    code: str
    name: str
    level: str
    title: str
    html: Markup


def glossary(catalogue: Catalogue) -> SitePage:
    """`/glossary/`: the terms by their first letter in pinyin."""
    terms = sorted(catalogue.settings.glossary, key=_letter_and_word)
    letters = [
        (letter, list(members))
        for letter, members in groupby(terms, key=lambda term: pinyin.initial(term.term))
    ]
    return SitePage(
        address="glossary/",
        title="术语",
        description="处理投诉的人常说的词，用一到三句白话说清。",
        content=templates.render("glossary.html", letters=letters, catalogue=catalogue),
        section="glossary",
    )


def _letter_and_word(term: Term) -> tuple[bool, str, bytes]:
    letter = pinyin.initial(term.term)
    return (letter == pinyin.OTHER, letter, pinyin.sort_key(term.term))


def fields(catalogue: Catalogue) -> SitePage:
    """`/fields/`: every field of every kind, with the values it may have."""
    kinds = list(catalogue.settings.schema.kinds.values())
    toc = tuple(Heading(kind.name, kind.label) for kind in kinds)
    return SitePage(
        address="fields/",
        title="字段说明",
        description="每一种页面有哪些字段、怎样填、词表里有哪些值。",
        content=templates.render(
            "fields.html",
            kinds=kinds,
            roles=catalogue.settings.roles,
            types=_TYPES,
            needed=_NEEDED,
            length=_length,
        ),
        section="",
        toc=(*toc, Heading("roles", "岗位")) if kinds else (),
    )


def _length(spec: FieldSpec) -> str:
    """The limits of a field in words."""
    unit = "" if spec.type is FieldType.NUMBER else " 字"
    low, high = spec.minimum, spec.maximum
    if low is not None and high is not None:
        return f"{low}–{high}{unit}"
    if high is not None:
        return f"最多 {high}{unit}"
    return f"至少 {low}{unit}" if low is not None else ""


def rules(found: Iterable[RulePage]) -> Iterator[SitePage]:
    """`/rules/` and a page for each rule."""
    everything = list(found)
    yield SitePage(
        address="rules/",
        title="检查规则",
        description="kb check 检查什么，为什么，怎样改。",
        content=templates.render("rules.html", rules=everything),
        section="",
    )
    for rule in everything:
        yield SitePage(
            address=f"rules/{rule.code}/",
            title=f"{rule.code} {rule.title}",
            description=f"{rule.code} {rule.title}",
            content=templates.render("rule.html", rule=rule),
            section="",
        )


def statistics(catalogue: Catalogue) -> SitePage:
    """`/statistics/`: every figure with its base and source."""
    found = [(one, shares(one)) for one in catalogue.settings.statistics.values()]
    return SitePage(
        address="statistics/",
        title="数据",
        description="库里引用的数字：数的是谁、哪一年、出自哪里、核实过没有。",
        content=templates.render("statistics.html", found=found),
        section="",
    )


def counterpoints(catalogue: Catalogue) -> SitePage:
    """`/counterpoints/`: where the sources contradict each other."""
    points = catalogue.settings.counterpoints
    pages = {
        point.id: [doc for doc in map(catalogue.find, point.pages) if doc is not None]
        for point in points
    }
    return SitePage(
        address="counterpoints/",
        title="不同的说法",
        description="资料之间说法相反的地方，各说了什么，本库怎样处理。",
        content=templates.render(
            "counterpoints.html", points=points, pages=pages, catalogue=catalogue
        ),
        section="",
        toc=tuple(Heading(point.id, point.question) for point in points),
    )
