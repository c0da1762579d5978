"""培训: what there is for each role, what newcomers read first, and a pack a role to print."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.insight.material import Material
from kb_builder.insight.packs import NEWCOMER, READING_SPEED, Pack, packs, reading_list
from kb_builder.insight.training import BAD, GOOD, TURNED
from kb_builder.site import fragments, templates
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.markdown import Heading
from kb_builder.site.pages import SitePage

SECTION = "training"
"""The entry of the navigation, and the folder of all these pages."""

_GROUPS = (
    ("bad", "反面教材", "讲到出事前一刻停下，问：下一步你怎么做？再讲结局。", BAD),
    ("turned", "先失后得", "两头都要讲：错在哪里，又是怎样扳回来的。", TURNED),
    ("good", "正面典范", "找出他做了而我们没做的那一步。", GOOD),
)


def pages(catalogue: Catalogue, material: Material) -> Iterator[SitePage]:
    """`/training/`, and `/training/<role>/` for every role with a lesson."""
    found = [
        pack for pack in packs(material) if pack.lessons and fragments.is_safe_name(pack.role.id)
    ]
    newcomer = next((pack for pack in found if pack.role.id == NEWCOMER), None)
    reading = reading_list(newcomer) if newcomer else None
    yield SitePage(
        address=f"{SECTION}/",
        title="培训",
        description="每个岗位一份培训包：反面教材、正面典范、话术和自测题，打印出来就能用；新人先读什么。",
        content=templates.render(
            "training/index.html",
            packs=found,
            groups=_GROUPS,
            newcomer=newcomer,
            reading=reading,
            speed=READING_SPEED,
            catalogue=catalogue,
        ),
        section=SECTION,
    )
    for pack in found:
        yield _page(catalogue, pack, material.limits.pack_size)


def _page(catalogue: Catalogue, pack: Pack, size: int) -> SitePage:
    """The pack of a role; of long lists the beginning, for it is to be printed and taught."""
    lessons = pack.lessons[:size]
    questions = [one for one in pack.questions if one.lesson in lessons]
    groups = [
        (anchor, title, lead, cases[:size], len(cases))
        for anchor, title, lead, kinds in _GROUPS
        if (cases := pack.of_kind(*kinds))
    ]
    playbooks = pack.playbooks[:size]
    pairs = pack.pairs[:size]
    toc = [Heading("lessons", "要记住的道理")]
    toc += [Heading(anchor, title) for anchor, title, *_ in groups]
    toc += [Heading("pairs", "正反对照")] if pairs else []
    toc += [Heading("phrases", "怎么说")] if playbooks else []
    toc.append(Heading("quiz", "自测题"))
    return SitePage(
        address=f"{SECTION}/{pack.role.id}/",
        title=f"培训包：{pack.role.label}",
        description=f"{pack.role.label}要学的教训、案例、话术和自测题。{pack.role.help}",
        content=templates.render(
            "training/pack.html",
            pack=pack,
            lessons=lessons,
            groups=groups,
            pairs=pairs,
            playbooks=playbooks,
            questions=questions,
            everything=fragments.choice_address("audience_role", pack.role.id),
            catalogue=catalogue,
        ),
        section=SECTION,
        toc=tuple(toc),
    )
