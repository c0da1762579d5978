"""Which reports there are, in the order in which readers meet them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kb_builder.insight.actions import ledger
from kb_builder.insight.digest import digest
from kb_builder.insight.effect import effect
from kb_builder.insight.material import Material
from kb_builder.insight.overview import overview
from kb_builder.insight.quality import quality
from kb_builder.insight.review import review
from kb_builder.insight.tables import Report
from kb_builder.insight.training import training
from kb_builder.insight.warning import warning


@dataclass(frozen=True, slots=True)
class Offer:
    """A report before it is made: its name, its title, what it answers, and how to make it."""

    key: str
    title: str
    about: str
    make: Callable[[Material], Report]


OFFERS = (
    Offer("overview", "总览", "客户在投诉什么，办得快不快，结果怎样。", overview),
    Offer("warning", "预警", "什么正在冒头：扎堆、变多、小事在攒、越闹越大。", warning),
    Offer("digest", "月报", "每个月进来什么、解决什么、欠着什么。", digest),
    Offer("actions", "整改台账", "答应要改的事做了没有，做完有没有再犯。", ledger),
    Offer("review", "待复审", "哪些页面该再看一遍，由谁来看。", review),
    Offer("effect", "预案效果", "用了哪份预案、哪种措施，解决了多少。", effect),
    Offer("quality", "体检", "知识库自己缺什么：字段、引用、同义词。", quality),
    Offer("training", "培训", "每个岗位学什么，拿什么教。", training),
)


def find(name: str) -> Offer | None:
    """The report of this key or title."""
    return next((offer for offer in OFFERS if name in (offer.key, offer.title)), None)
