"""What customers complain about, and where in the company it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb_builder.insight.counting import UNFILLED, crossing, distribution, group, labels
from kb_builder.insight.material import Material
from kb_builder.insight.tables import COUNT, SHARE, Cell, Picture, Row, Table, counted, share
from kb_builder.model.document import Document
from kb_builder.model.schema import FieldSpec

_PROFILE = (
    ("complaint_type", False), ("complaint_subtype", False), ("cause", False), ("channel", False),
    ("appeal", False), ("psychology", False), ("severity", True), ("complaint_stage", True),
    ("outcome", True), ("department", False), ("case_kind", False), ("origin", False),
)  # fmt: skip
"""Field, and whether its values have an order of their own."""

_NOTES = {
    "channel": "一篇写了几个渠道的，每个渠道都算；投诉最先从哪里进来，看案例里的第一个渠道。",
    "complaint_stage": "数的是事情最严重时走到的一步；停在“潜在抱怨”“显性抱怨”的通常没有记下来，这里看不到的比看到的多。",
    "origin": "“主动上报”是客户还没开口、自己先报上来的；这一项越多，发现得越早。",
}

Pair = tuple[str, str]
"""Product and sub-type; the sub-type is empty where it is not filled in."""


def profile(material: Material) -> Iterator[Table]:
    """One table for each field that describes a complaint."""
    for field, ordinal in _PROFILE:
        table = distribution(material, field, ordinal=ordinal, note=_NOTES.get(field, ""))
        if table is not None:
            yield table


def top(material: Material) -> Table | None:
    """The commonest pairs of product and sub-type; the rest in one row."""
    spec = material.spec("complaint_subtype")
    if spec is None or material.spec("product") is None:
        return None
    pairs: dict[Pair, list[str]] = {}
    nameless = []
    for case in material.cases:
        if not product_of(case):
            nameless.append(case.id)
        for pair in _pairs(case):
            pairs.setdefault(pair, []).append(case.id)
    names = labels(spec)
    known = len(material.cases) - len(nameless)
    ranked = sorted(pairs, key=lambda pair: (-len(pairs[pair]), pair))
    shown, others = ranked[: material.limits.top], ranked[material.limits.top :]
    rows = [
        Row(
            "/".join(pair),
            f"{pair[0]} · {names.get(pair[1], pair[1]) or '子类未填'}",
            (counted(pairs[pair]), share(len(pairs[pair]), known)),
            tuple(pairs[pair]),
        )
        for pair in shown
    ]
    if others:
        rest = counted(id_ for pair in others for id_ in pairs[pair])
        cells = (rest, share(len(rest.documents), known))
        rows.append(Row("others", f"其余 {len(others)} 种", cells, rest.documents, rest=True))
    if nameless:
        cells = (counted(nameless), Cell())
        rows.append(Row(UNFILLED, "没有写产品", cells, tuple(nameless), unknown=True))
    return Table(
        key="top",
        title="哪种产品的哪种毛病",
        definition=f"数同一产品、同一投诉子类的案例，列最多的 {material.limits.top} 种；有几个子类的各算一次，产品照写的字比，没写产品的单列一行。",
        head="产品 · 投诉子类",
        columns=(COUNT, SHARE),
        rows=tuple(rows),
        n=len(material.cases),
        known=known,
        missing="在案例开头写 product（产品或服务）和 complaint_subtype（投诉子类），例如“product: 烤箱”。",
        picture=Picture.BARS,
    )


def heat(material: Material) -> Iterator[Table]:
    """Cause × type, and for each type cause × department."""
    kind, cause = material.spec("complaint_type"), material.spec("cause")
    department = material.spec("department")
    if kind is None or cause is None:
        return
    yield crossing(
        material.cases,
        cause,
        kind,
        key="cause-type",
        title="成因 × 投诉类型",
        definition="数同时有这个成因和这个投诉类型的案例；有几个成因或类型的，每一格都算，所以各格相加会多于篇数；没填的单列。",
    )
    if department is None:
        return
    if not any(case.texts("department") for case in material.cases):
        yield _by_department(material.cases, cause, department, "cause-department", "")
        return
    groups = group(material.cases, lambda case: case.texts("complaint_type"))
    for value, label in labels(kind).items():
        wanted = set(groups.get(value, ()))
        if wanted:
            cases = [case for case in material.cases if case.id in wanted]
            key = f"cause-department-{value}"
            yield _by_department(cases, cause, department, key, label)


def _by_department(
    cases: Sequence[Document], cause: FieldSpec, department: FieldSpec, key: str, kind: str
) -> Table:
    """Cause × department, of the cases of one type where `kind` names it."""
    those = f"投诉类型有“{kind}”的案例里" if kind else "案例里"
    return crossing(
        cases,
        cause,
        department,
        key=key,
        title=f"{kind}投诉：成因 × 涉及部门" if kind else "成因 × 涉及部门",
        definition=f"数{those}，同时有这个成因和这个涉及部门的；有几个的每一格都算；没填的单列。",
        note="同一格反复出现，多半是系统的毛病，不是哪个人的毛病。",
    )


def product_of(case: Document) -> str:
    """The product as written, spaces aside; empty where there is none."""
    return " ".join(case.text("product").split())


def _pairs(case: Document) -> list[Pair]:
    product = product_of(case)
    if not product:
        return []
    return [
        (product, subtype) for subtype in dict.fromkeys(case.texts("complaint_subtype")) or ("",)
    ]
