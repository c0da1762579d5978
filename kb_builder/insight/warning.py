"""预警: what is brewing: cases that come close together, categories that rise, small matters, the ladder."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kb_builder.insight import pyramid
from kb_builder.insight.brewing import (
    CATEGORIES,
    Group,
    caused,
    faulty,
    one_cause,
    one_matter,
    recent,
    rising,
    same_fault,
)
from kb_builder.insight.days import Dated, dated, written_day
from kb_builder.insight.ladder import ladder
from kb_builder.insight.material import Material
from kb_builder.insight.rising import Rise, place
from kb_builder.insight.tables import (
    Cell,
    Column,
    Form,
    Headline,
    Report,
    Row,
    Section,
    Table,
    counted,
)

_CLUSTER_COLUMNS = (
    Column("count", "案例数"),
    Column("first", "第一篇", Form.TEXT),
    Column("last", "最近一篇", Form.TEXT),
    Column("since", "距今", Form.DAYS),
)


def warning(material: Material) -> Report:
    """The report."""
    cases = dated(material.cases)
    found = {
        "same": same_fault(material, cases),
        "cause": one_cause(material, cases),
        "accounts": one_matter(material, cases),
    }
    today = material.today.toordinal()
    rises = rising(material, cases, recent(material))
    ongoing = sum(
        today - group.cluster.last <= material.limits.cluster_days
        for groups in found.values()
        for group in groups
    )
    called = sum(rise.rising for rise in rises)
    limits = material.limits
    window = f"{limits.cluster_days} 天之内"
    least = limits.cluster_minimum
    return Report(
        "warning",
        "预警",
        "有什么正在冒头：扎堆的投诉、变多的类别、攒着的小事、闹大的事先有什么迹象。",
        (
            Section(
                "clusters",
                "扎堆",
                (
                    _clusters(
                        material,
                        "same",
                        "同一产品，同一种毛病",
                        f"{window}同一产品、同一投诉子类有 {least} 篇以上案例，就算一组，几段有同一篇的连成一组；只看发生时间能落到这几天里的，只写到年的不算。",
                        found["same"],
                        _known(cases, faulty(material)),
                        "在案例开头写 occurred_on（发生时间，写到日）、product（产品或服务）和 complaint_subtype（投诉子类）。",
                    ),
                    _clusters(
                        material,
                        "cause",
                        "同一成因，几种产品",
                        f"{window}同一个成因牵涉 {limits.cluster_products} 种以上产品、有 {least} 篇以上案例，就算一组；这样的多半不是产品的毛病，是流程的毛病。",
                        found["cause"],
                        _known(cases, caused(material)),
                        "在案例开头写 occurred_on（发生时间，写到日）、product（产品或服务）和 cause（成因）。",
                    ),
                    _clusters(
                        material,
                        "accounts",
                        "说的像是同一件事",
                        f"{window}有 {least} 篇以上案例，标题和记录里少见的字句（按别处有多少篇用过来估）有 {limits.cluster_share}% 以上相同，又有几处大家都写到，就算一组；不看填了什么字段，所以刚导入的草稿也看得出来。",
                        found["accounts"],
                        len(cases),
                        "在案例开头写 occurred_on（发生时间，写到日），在“记录”里写客户说了什么。",
                        note="库里不记客户是谁：同一位客户反映几次，也会算成一组。点开看看再下结论。",
                    ),
                ),
                lead="还在来的排在前面，再按篇数从多到少。",
            ),
            Section("rising", "变多", (_rising(material, cases, rises),)),
            Section(
                "pyramid",
                "大事底下的小事",
                _present(
                    pyramid.pyramid(material),
                    pyramid.by_product(material),
                    pyramid.by_cause(material),
                ),
            ),
            Section("ladder", "怎样闹大的", tuple(ladder(material))),
        ),
        headlines=(
            Headline("还在来的扎堆", f"{ongoing} 组", urgent=ongoing > 0),
            Headline("明显变多", f"{called} 类", urgent=called > 0),
        ),
    )


def rising_table(
    rises: Sequence[Rise],
    *,
    n: int,
    known: int,
    definition: str,
    missing: str,
    window: str = "最近",
    earlier: str = "之前",
    top: int,
    level: int,
) -> Table:
    """What the test says of the categories that come nearest to rising."""
    return Table(
        key="rising",
        title="哪一类变多了",
        definition=definition,
        head="类别",
        columns=(
            Column("window", window),
            Column("earlier", earlier),
            Column("expected", f"照份额{window}该有", Form.NUMBER),
            Column("chance", "碰巧的可能", Form.SHARE),
            Column("said", "结论", Form.TEXT),
        ),
        rows=tuple(
            Row(
                rise.category,
                rise.category,
                (
                    counted(rise.window),
                    counted(rise.earlier),
                    Cell(rise.expected),
                    Cell(rise.chance),
                    Cell("明显变多" if rise.rising else "看不出"),
                ),
                tuple(sorted((*rise.window, *rise.earlier))),
            )
            for rise in rises[:top]
        ),
        n=n,
        known=known,
        missing=missing,
        note=f"“碰巧的可能”用费希尔精确检验（单侧）算；许多类一起比，“明显变多”再用本雅明尼—霍赫贝格法挑：没有一类真的变多时，整张表里冒出一个来的机会不超过 {level}%。“看不出”不等于没有变多，也可能是篇数还少；案例是挑着写进库的，挑法变了，份额也会变。",
    )


def _rising(material: Material, cases: Sequence[Dated], rises: Sequence[Rise]) -> Table:
    limits = material.limits
    placed = place(cases, recent(material))
    named = [material.spec(field) for field in CATEGORIES]
    fields = "、".join(spec.label for spec in named if spec)
    return rising_table(
        rises,
        n=len(material.cases),
        known=placed.compared,
        definition=f"拿最近 {limits.rising_days} 天和再往前 {limits.rising_against} 天比：每一类（{fields}的每个值）的案例里，落在最近的是不是比照它一向的份额该有的多；两段合起来不到 {limits.rising_minimum} 篇的不比，列最不像碰巧的 {limits.top} 类；所有类别一起变多的不算。",
        missing=f"最近 {limits.rising_days} 天和之前都要有写明日期的案例，才有可比的。在案例开头写 occurred_on（发生时间，写到日或月）。",
        top=limits.top,
        level=limits.rising_level,
    )


def _clusters(
    material: Material,
    key: str,
    title: str,
    definition: str,
    groups: Sequence[Group],
    known: int,
    how: str,
    note: str = "",
) -> Table:
    today = material.today.toordinal()
    days = material.limits.cluster_days

    def order(group: Group) -> tuple[bool, int, int, tuple[str, ...], str]:
        cluster = group.cluster
        over = today - cluster.last > days
        return (over, -len(cluster.ids), -cluster.last, cluster.ids, group.label)

    head, told = {
        "same": ("产品 · 投诉子类", None),
        "cause": ("成因", Column("told", "牵涉的产品", Form.TEXT)),
        "accounts": ("第一篇的标题", Column("told", "都写到的", Form.TEXT)),
    }[key]
    ordered = sorted(groups, key=order)
    shown, others = ordered[: material.limits.top], ordered[material.limits.top :]
    rows = []
    for group in shown:
        cluster = group.cluster
        cells = [
            counted(cluster.ids),
            Cell(written_day(cluster.first)),
            Cell(written_day(cluster.last)),
            Cell(max(today - cluster.last, 0)),
        ]
        cells += [Cell(group.told or None)] if told else []
        name = f"{group.label}/{cluster.ids[0]}"
        rows.append(Row(name, group.label, tuple(cells), tuple(sorted(cluster.ids))))
    if others:
        rest = counted(id_ for group in others for id_ in group.cluster.ids)
        blank = (Cell(),) * (4 if told else 3)
        label = f"其余 {len(others)} 组"
        rows.append(Row("others", label, (rest, *blank), rest.documents, rest=True))
    return Table(
        key=key,
        title=title,
        definition=definition,
        head=head,
        columns=(*_CLUSTER_COLUMNS, told) if told else _CLUSTER_COLUMNS,
        rows=tuple(rows),
        n=len(material.cases),
        known=known,
        missing="没有扎堆的。" if known else how,
        note=note,
    )


def _known(cases: Sequence[Dated], values: Collection[str]) -> int:
    return sum(case.id in values for case in cases)


def _present(*tables: Table | None) -> tuple[Table, ...]:
    return tuple(table for table in tables if table is not None)
