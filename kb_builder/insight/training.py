"""培训: how much each role finds to learn from, and which lessons have the most cases behind them."""

from __future__ import annotations

from kb_builder.insight.material import Material
from kb_builder.insight.packs import AUDIENCE, Pack, packs, questions
from kb_builder.insight.tables import (
    COUNT,
    Cell,
    Column,
    Headline,
    Picture,
    Report,
    Row,
    Section,
    Table,
    counted,
)

BAD, TURNED, GOOD = ("negative", "near_miss"), ("mixed",), ("positive",)
"""The kinds of case that warn, that went wrong and were put right, and that are to be copied."""


def training(material: Material) -> Report:
    """The report."""
    found = packs(material)
    asked = sum(len(questions(lesson)) for lesson in material.lessons)
    return Report(
        "training",
        "培训",
        "每个岗位有多少材料可以拿来教，还缺什么。",
        (
            Section(
                "roles",
                "按岗位",
                (_by_role(material, found),),
                lead="这些材料已经排成每个岗位一份的培训包，在网站的“培训”里。",
            ),
            Section("lessons", "先教哪几条", (_by_lesson(material),)),
        ),
        headlines=(
            Headline("自测题", f"{asked} 道"),
            Headline("没有教训的岗位", f"{sum(not pack.lessons for pack in found)} 个"),
        ),
    )


def _by_role(material: Material, found: tuple[Pack, ...]) -> Table:
    rows = []
    for pack in found:
        groups = [pack.of_kind(*kinds) for kinds in (BAD, TURNED, GOOD)]
        cells = (
            counted(lesson.id for lesson in pack.lessons),
            counted(lesson.id for lesson in pack.lessons if questions(lesson)),
            Cell(len(pack.questions)),
            *(counted(case.id for case in group) for group in groups),
            Cell(len(pack.pairs)),
        )
        documents = {id_ for cell in cells for id_ in cell.documents}
        rows.append(
            Row(
                pack.role.id,
                pack.role.label,
                cells,
                tuple(sorted(documents)),
                facet=(AUDIENCE, pack.role.id),
            )
        )
    unsaid = tuple(one.id for one in material.lessons if not one.texts(AUDIENCE))
    if unsaid:
        cells = (counted(unsaid), *(Cell() for _ in range(6)))
        rows.append(Row("unfilled", "没写谁要学", cells, unsaid, unknown=True))
    return Table(
        key="roles",
        title="每个岗位的培训材料",
        definition="数写明这个岗位要学的教训、其中有自测题的和题数，以及讲这些教训的案例（反面教材含未遂和隐患）和含有这些案例的对照；一条教训可以写给几个岗位，各算一次。",
        head="岗位",
        columns=(
            Column("lessons", "教训"),
            Column("asked", "有自测题的教训"),
            Column("questions", "自测题"),
            Column("bad", "反面教材"),
            Column("turned", "先失后得"),
            Column("good", "正面典范"),
            Column("pairs", "正反对照"),
        ),
        rows=tuple(rows),
        n=len(material.lessons),
        known=len(material.lessons) - len(unsaid),
        missing="在教训开头写 audience_role（适用岗位），例如“audience_role: [新员工, 一线]”。",
    )


def _by_lesson(material: Material) -> Table:
    taught = [
        (lesson, tuple(case.id for case in material.corpus.referring("lessons", lesson.id)))
        for lesson in material.lessons
    ]
    taught.sort(key=lambda pair: (-len(pair[1]), pair[0].id))
    rows = tuple(
        Row(lesson.id, lesson.title, (counted(cases),), tuple(sorted(cases)))
        for lesson, cases in taught[: material.limits.top]
        if cases
    )
    return Table(
        key="lessons",
        title="案例最多的教训",
        definition=f"数每条教训来自几篇案例，列最多的 {material.limits.top} 条；一篇案例可以有几条教训，各算一次。反复有案例说到的，就先教。",
        head="教训",
        columns=(COUNT,),
        rows=rows,
        n=len(material.cases),
        known=len({case for _, cases in taught for case in cases}),
        missing="在案例开头写 lessons（教训），例如“lessons: [LS-001]”。",
        picture=Picture.BARS,
    )
