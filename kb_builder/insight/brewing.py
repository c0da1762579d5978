"""What is brewing: the clusters of a base, and the categories that rise; `warning` makes tables of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb_builder.insight.clusters import Account, Cluster, accounts, gather
from kb_builder.insight.complaints import product_of
from kb_builder.insight.counting import labels
from kb_builder.insight.days import Dated
from kb_builder.insight.material import Material
from kb_builder.insight.rising import Period, Rise, judge, place
from kb_builder.model.document import Document
from kb_builder.model.plain import plain

CATEGORIES = (
    "product", "complaint_type", "complaint_subtype", "cause", "channel", "department", "industry",
)  # fmt: skip
"""The fields whose values are watched for rising."""

Values = Mapping[str, Sequence[tuple[str, ...]]]
"""Id of a case → the values by which it belongs to groups."""


@dataclass(frozen=True, slots=True)
class Group:
    """A cluster with its name, and what connects its cases, in words."""

    label: str
    cluster: Cluster
    told: str = ""


def same_fault(material: Material, cases: Sequence[Dated]) -> list[Group]:
    """Clusters of one product with one sub-type."""
    spec = material.spec("complaint_subtype")
    names = labels(spec) if spec else {}
    pairs = faulty(material)
    least = material.limits.cluster_minimum
    return [
        Group(f"{product} · {names.get(subtype, subtype)}", cluster)
        for (product, subtype), members in _grouped(cases, pairs)
        for cluster in gather(
            members, material.limits.cluster_days, lambda near: len(near) >= least
        )
    ]


def one_cause(material: Material, cases: Sequence[Dated]) -> list[Group]:
    """Clusters of one cause across several products."""
    spec = material.spec("cause")
    names = labels(spec) if spec else {}
    causes = caused(material)
    products = {case.id: product_of(case) for case in material.cases}
    limits = material.limits
    found = []
    for (cause,), members in _grouped(cases, causes):
        stretches = gather(
            members,
            limits.cluster_days,
            lambda near: (
                len(near) >= limits.cluster_minimum
                and len({products[case.id] for case in near}) >= limits.cluster_products
            ),
        )
        for cluster in stretches:
            told = "、".join(sorted({products[id_] for id_ in cluster.ids}))
            found.append(Group(names.get(cause, cause), cluster, told))
    return found


def one_matter(material: Material, cases: Sequence[Dated]) -> list[Group]:
    """Clusters of cases whose texts tell of one matter, called by the title of the first."""
    limits = material.limits
    documents = {case.id: case for case in material.cases}
    texts = {case.id: account_of(documents[case.id]) for case in cases}
    return [
        Group(documents[cluster.ids[0]].title, cluster, "、".join(cluster.words))
        for cluster in accounts(
            texts, cases, limits.cluster_days, limits.cluster_minimum, limits.cluster_share
        )
    ]


def recent(material: Material) -> Period:
    """The window of the report, up to today."""
    end = material.today.toordinal()
    start = end - material.limits.rising_days + 1
    return Period(start - material.limits.rising_against, start, end)


def rising(material: Material, cases: Sequence[Dated], period: Period) -> tuple[Rise, ...]:
    """What is said of each category, named as readers know it."""
    limits = material.limits
    return judge(
        categories(material),
        place(cases, period),
        level=limits.rising_level / 100,
        least=limits.rising_minimum,
    )


def categories(material: Material) -> dict[str, frozenset[str]]:
    """The ids of the cases of every value of the fields that are watched."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for field in CATEGORIES:
        spec = material.spec(field)
        if spec is None:
            continue
        names = labels(spec)
        for case in material.cases:
            values = [product_of(case)] if field == "product" else case.texts(field)
            for value in values:
                if value:
                    found[f"{spec.label}：{names.get(value, value)}"].add(case.id)
    return {name: frozenset(ids) for name, ids in found.items()}


def faulty(material: Material) -> Values:
    """Id of a case → its pairs of product and sub-type."""
    return {
        case.id: [(product_of(case), subtype) for subtype in case.texts("complaint_subtype")]
        for case in material.cases
        if product_of(case) and case.texts("complaint_subtype")
    }


def caused(material: Material) -> Values:
    """Id of a case of which the product is known → its causes."""
    return {
        case.id: [(cause,) for cause in case.texts("cause")]
        for case in material.cases
        if product_of(case) and case.texts("cause")
    }


def _grouped(
    cases: Sequence[Dated], values: Values
) -> Iterator[tuple[tuple[str, ...], list[Dated]]]:
    found: defaultdict[tuple[str, ...], list[Dated]] = defaultdict(list)
    for case in cases:
        for value in dict.fromkeys(values.get(case.id, ())):
            found[value].append(case)
    yield from sorted(found.items())


def account_of(case: Document) -> Account:
    """What the customer said."""
    return Account(case.title, plain(case.account.split("\n")))
