"""A base as one audience may see it: the rest is left out before anything is counted."""

from __future__ import annotations

from dataclasses import replace

from kb_builder.diagnostics import KbError
from kb_builder.loader.audiences import AUDIENCES
from kb_builder.loader.config import CONFIG
from kb_builder.loader.content import Base, HandPage, hand_pages
from kb_builder.model.audience import (
    VISIBILITY,
    Audience,
    narrowed,
    outward,
    undecided,
)
from kb_builder.model.corpus import Corpus
from kb_builder.model.cues import PLAYBOOK
from kb_builder.model.settings import Settings


def audience_of(settings: Settings, asked: str | None) -> Audience:
    """Who to build for: as asked, else as the base says, else everybody who sees everything.

    Raises KbError when asked to leave something out of a base that does not say what.
    """
    if asked is None:
        return settings.audience or Audience.ALL
    audience = Audience(asked)
    if settings.audience is None and audience is not Audience.ALL:
        raise KbError(
            f"这个知识库没有区分读者，不能只为{audience.label}生成；先在 {CONFIG}/{AUDIENCES} 里写 default"
        )
    return audience


def for_audience(base: Base, audience: Audience) -> Base:
    """The base as if what `audience` may not see had never been written, with a state folder of its own.

    Raises KbError when of some document or hand-written page nobody can tell who may see it.
    """
    if audience is Audience.ALL:
        return base
    pages = {page.path: _page_visibility(page, base.settings) for page in hand_pages(base.root)}
    unclear = [
        *undecided(base.corpus),
        *(path for path, visibility in pages.items() if not visibility),
    ]
    if unclear:
        named = "、".join(unclear[:5]) + ("……" if len(unclear) > 5 else "")
        raise KbError(
            f"有 {len(unclear)} 个文件看不出谁可以看（{VISIBILITY}）：{named}；"
            f"写清楚以后，才能为{audience.label}生成"
        )
    seen = frozenset(path for path, visibility in pages.items() if audience.sees(visibility))
    settings = base.settings
    if audience is Audience.PUBLIC:
        settings = replace(settings, schema=outward(settings.schema))
    corpus = narrowed(base.corpus, audience, seen)
    return replace(
        base, settings=_without_absent(settings, corpus), corpus=corpus, audience=audience
    )


def _without_absent(settings: Settings, corpus: Corpus) -> Settings:
    """The settings without what they say of playbooks that aren't there."""
    groups = tuple(
        each
        for each in settings.cues.groups
        if each.field != PLAYBOOK or each.value in corpus.by_id
    )
    return replace(
        settings,
        cues=replace(settings.cues, groups=groups),
        sayings={id_: said for id_, said in settings.sayings.items() if id_ in corpus.by_id},
    )


def _page_visibility(page: HandPage, settings: Settings) -> str:
    """The id of a hand-written page's visibility; empty where it can't be told."""
    vocabulary = settings.vocabularies.get(VISIBILITY)
    value = vocabulary.find(page.visibility) if vocabulary and not page.problem else None
    return value.id if value else ""
