"""KB702 hidden-reference."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from kb_builder.diagnostics import Finding, Span, quoted
from kb_builder.model.audience import PUBLIC, Audience, visibility_of
from kb_builder.model.corpus import references
from kb_builder.model.document import Document
from kb_builder.model.schema import FieldSpec, FieldType
from kb_builder.model.sections import blank_code, target_path
from kb_builder.model.values import Group, Item
from kb_builder.rules import Context, On, rule

_NOT_PUBLISHED = ("imports/", "templates/", "privacy.yml", "cues.yml", "sayings.yml")
"""Settings that no page shows. What cues and sayings say of a playbook is left out with the playbook."""

# A number sign inside quotation marks begins no comment: quotation marks follow it.
_COMMENT_IN_SETTINGS = re.compile("(?:^|(?<=\\s))#[^'\"]*$")

_COMMENT_IN_BODY = re.compile(r"<!--(?:(?!<!--|--!>).)*?-->", re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_WRITTEN_OTHERWISE = re.compile(r"[&%\\]")


@dataclass(frozen=True, slots=True)
class _Target:
    """What is referred to, where, and who may see it; whether an internal field refers to it, and whether it is only
    mentioned.
    """

    span: Span
    name: str
    visibility: str
    inward: bool = False
    mentioned: bool = False


@rule("KB702", "hidden-reference", on=On.ANYTHING)
def hidden_reference(document: Document, context: Context) -> Iterator[Finding]:
    """引用了自己的读者看不到的页面。

    公开的页面引用内部的页面，外面的读者点不开，却知道了有这样一页。算引用的有：字段里的关联，正文里的链接（不管怎么
    写、写相对路径还是完整的网址），正文和别的字段里提到的编号（包括旧编号）和手写页面的路径；注释不算。去掉引用，
    或者把两页改成同样的可见范围。只给同事看的内容，可以让管理员在 `schema.yml` 里把那个字段写成 `internal: true`：
    公开的网站上没有这个字段。手写的页面也一样；`site_config/` 和 `mkdocs.yml` 里写的谁都看得到，不能提到内部的页面。
    检查认不出来的写法，生成网站时还会认出来，也不发布。（下例的知识库区分读者，LS-002 是内部的。）

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
    for target in _once(_targets(document, context)) if blind else ():
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


def _once(targets: Iterator[_Target]) -> Iterator[_Target]:
    """The targets without what is told already: a link, then the number in it."""
    told: set[tuple[int, str]] = set()
    for target in targets:
        place = (target.span.line, target.name)
        if not target.mentioned or place not in told:
            told.add(place)
            yield target


def _targets(document: Document, context: Context) -> Iterator[_Target]:
    """Every page that a file refers to."""
    if _is_settings(document, context):
        yield from _in_settings(document, context)
        return
    yield from _linked(document, context)
    if document.kind is not None:
        for item, inward in _values(document.kind.fields, document.fields):
            for mention in _mentions(item.text, document, context):
                yield _Target(item.span, mention.name, mention.visibility, inward, mentioned=True)
    yield from _in_body(document, context)


def _linked(document: Document, context: Context) -> Iterator[_Target]:
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


def _values(
    specs: Mapping[str, FieldSpec], fields: Mapping[str, tuple[Item, ...]], inward: bool = False
) -> Iterator[tuple[Item, bool]]:
    """Every value of a field that is no reference, and whether the public sees nothing of it."""
    for name, items in fields.items():
        spec = specs[name]
        inside = inward or spec.internal
        for item in items if spec.type is not FieldType.REFERENCE else ():
            if isinstance(item.value, Group):
                yield from _values(spec.fields or {}, item.value.fields, inside)
            else:
                yield item, inside


def _in_body(document: Document, context: Context) -> Iterator[_Target]:
    """The ids and the paths of pages that readers see in a body, and those in addresses."""
    text = "\n".join(document.lines[document.body_line :])
    if "<!--" in text:
        text = _without_comments(text)
    if _WRITTEN_OTHERWISE.search(text):
        text = "\n".join(map(_as_read, text.split("\n")))
    for each in _mentions(text, document, context):
        begin, end = each.place.span()
        row, column = text.count("\n", 0, begin), begin - text.rfind("\n", 0, begin)
        span = Span(document.body_line + row + 1, column, end - begin)
        yield _Target(span, each.name, each.visibility, mentioned=True)


def _without_comments(text: str) -> str:
    """A body with its comments blanked out, but for those that the converter may take for text or code."""
    bare = blank_code(tuple(text.split("\n")), 0)
    pieces = []
    done = 0
    for match in _COMMENT_IN_BODY.finditer(bare):
        before = bare[bare.rfind("\n", 0, match.start()) + 1 : match.start()]
        is_split = before.strip() and _BLANK_LINE.search(match[0])
        if not is_split and not before.startswith(("    ", "\t")):
            pieces += [text[done : match.start()], re.sub(r"[^\n]", " ", match[0])]
            done = match.end()
    return "".join((*pieces, text[done:]))


def _as_read(line: str) -> str:
    """A line as the converter understands it: entities, what is encoded in addresses, characters that are escaped."""
    if not _WRITTEN_OTHERWISE.search(line):
        return line
    read = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", unquote(html.unescape(line)))
    return read.replace("\n", " ")


def _page_pattern(context: Context) -> re.Pattern[str]:
    """Finds the path or the address of a hand-written page that is in a folder."""
    names = sorted(map(_inner, context.page_visibility), reverse=True)
    inner = "|".join(re.escape(name) for name in names if "/" in name)
    return re.compile(rf"(?<![\w-])({inner or '(?!)'})(?:\.md\b|/)", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Mention:
    """Where in a text another page is mentioned, which one, and who may see it."""

    place: re.Match[str]
    name: str
    visibility: str


def _mentions(text: str, document: Document, context: Context) -> Iterator[_Mention]:
    """The other documents of which an id stands in a text, and the pages of which the path does."""
    for match in _ids(text, context):
        for target in _bearers(match[0], context):
            if target is not document:
                yield _Mention(match, _named(target), visibility_of(target))
    for match in _page_pattern(context).finditer(text) if "/" in text else ():
        path = f"cases/{match[1]}.md"
        if path != document.path:
            yield _Mention(match, path, context.page_visibility[path])


def _bearers(identity: str, context: Context) -> Iterable[Document]:
    """The document with an id; where there is none, those of which it was one."""
    now = context.corpus.by_id.get(identity)
    return context.redirecting.get(identity, ()) if now is None else (now,)


def _ids(text: str, context: Context) -> Iterator[re.Match[str]]:
    for kind in context.settings.schema.kinds.values():
        # Most texts name no document, and the pattern costs more than this.
        if kind.prefix in text:
            yield from kind.ids_in(text)


def _in_settings(document: Document, context: Context) -> Iterator[_Target]:
    """The ids and the paths of pages that stand in settings, but for comments."""
    pages = {_shortest(path): path for path in context.page_visibility}
    paths = re.compile("|".join(map(re.escape, sorted(pages, reverse=True))) or "(?!)")
    for number, line in enumerate(document.lines, start=1):
        text = _COMMENT_IN_SETTINGS.sub("", line)
        for match in _ids(text, context):
            for target in _bearers(match[0], context):
                yield _Target(_span(number, match), _named(target), visibility_of(target))
        for match in paths.finditer(text):
            path = pages[match[0]]
            yield _Target(_span(number, match), path, context.page_visibility[path])


def _shortest(path: str) -> str:
    """What the path of a page and its address have in common."""
    inner = _inner(path)
    return inner if "/" in inner else f"{inner}.md"


def _inner(path: str) -> str:
    return path.partition("/")[2].removesuffix(".md")


def _span(number: int, match: re.Match[str]) -> Span:
    return Span(number, match.start() + 1, match.end() - match.start())


def _named(document: Document) -> str:
    return f"{document.id}{quoted(document.title)}"
