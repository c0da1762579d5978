"""KB702 hidden-reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb_builder.diagnostics import Finding, Span, quoted
from kb_builder.model.audience import PUBLIC, Audience, visibility_of
from kb_builder.model.corpus import references
from kb_builder.model.document import Document
from kb_builder.model.sections import target_path
from kb_builder.rules import Context, On, rule

_NOT_PUBLISHED = ("imports/", "templates/", "privacy.yml", "cues.yml", "sayings.yml")
"""Settings that no page shows. What cues and sayings say of a playbook is left out with the playbook."""

# A number sign inside quotation marks begins no comment: quotation marks follow it.
_COMMENT = re.compile("(?:^|(?<=\\s))#[^'\"]*$")


@dataclass(frozen=True, slots=True)
class _Target:
    """What is referred to, where, and who may see it; whether an internal field refers to it."""

    span: Span
    name: str
    visibility: str
    inward: bool = False


@rule("KB702", "hidden-reference", on=On.ANYTHING)
def hidden_reference(document: Document, context: Context) -> Iterator[Finding]:
    """引用了自己的读者看不到的页面。

    公开的页面引用内部的页面，外面的读者点不开，却知道了有这样一页。去掉引用，或者把两页改成同样的可见范围。只给
    同事看的关联，可以让管理员在 `schema.yml` 里把那个字段写成 `internal: true`：公开的网站上没有这个字段。手写的
    页面也一样；`site_config/` 和 `mkdocs.yml` 里写的谁都看得到，不能提到内部的页面。（下例的知识库区分读者，LS-002
    是内部的。）

    反例:

    ```text
    visibility: 公开
    lessons: [LS-002]
    ```

    正例:

    ```yaml
    lessons: [LS-001]
    ```
    """
    if context.settings.audience is None:
        return
    visibility = _visibility(document, context)
    blind = [each for each in Audience if each is not Audience.ALL and each.sees(visibility)]
    what = "这里写的" if _is_settings(document, context) else "这一页"
    for target in _targets(document, context) if blind else ():
        for audience in blind:
            # An internal field is in no site for the public.
            inward = target.inward and audience is Audience.PUBLIC
            if not audience.sees(target.visibility) and not inward:
                yield Finding(
                    target.span,
                    f"{audience.label}看得到{what}，看不到 {target.name}",
                    "去掉这个引用，或让两页的可见范围一样"
                    if what == "这一页"
                    else "从这里去掉，或让那一页的可见范围放宽到“公开”",
                )
                break


def _is_settings(document: Document, context: Context) -> bool:
    """Whether a file is one of those that are for every audience."""
    is_page = document.path in context.page_visibility
    return document.kind is None and not is_page and not document.path.endswith(".md")


def _visibility(document: Document, context: Context) -> str:
    if document.kind is not None:
        return visibility_of(document) if document.readable else ""
    if _is_settings(document, context):
        return "" if document.path.partition("/")[2].startswith(_NOT_PUBLISHED) else PUBLIC
    return context.page_visibility.get(document.path, "")


def _targets(document: Document, context: Context) -> Iterator[_Target]:
    """Every page that a file refers to."""
    if _is_settings(document, context):
        yield from _mentioned(document, context)
        return
    for name, item in references(document):
        target = context.corpus.by_id.get(item.text)
        if target is not None and target is not document:
            assert document.kind is not None  # or it would have no references
            inward = document.kind.fields[name].internal
            yield _Target(item.span, _named(target), visibility_of(target), inward)
    for link in document.links:
        path = target_path(document.path, link.target) or ""
        target = context.documents_by_path.get(path)
        if target is not None and target is not document:
            yield _Target(link.span, _named(target), visibility_of(target))
        elif path in context.page_visibility and path != document.path:
            yield _Target(link.span, path, context.page_visibility[path])


def _mentioned(document: Document, context: Context) -> Iterator[_Target]:
    """The ids and the paths of pages that stand in settings, but for comments."""
    pages = {_shortest(path): path for path in context.page_visibility}
    paths = re.compile("|".join(map(re.escape, sorted(pages, reverse=True))) or "(?!)")
    for number, line in enumerate(document.lines, start=1):
        text = _COMMENT.sub("", line)
        for kind in context.settings.schema.kinds.values():
            for match in kind.ids_in(text):
                target = context.corpus.by_id.get(match[0])
                if target is not None:
                    yield _Target(_span(number, match), _named(target), visibility_of(target))
        for match in paths.finditer(text):
            path = pages[match[0]]
            yield _Target(_span(number, match), path, context.page_visibility[path])


def _shortest(path: str) -> str:
    """What the path of a page and its address have in common."""
    name = path.partition("/")[2]
    return name.removesuffix(".md") if "/" in name else name


def _span(number: int, match: re.Match[str]) -> Span:
    return Span(number, match.start() + 1, match.end() - match.start())


def _named(document: Document) -> str:
    return f"{document.id}{quoted(document.title)}"
