"""All pages of a site, from a base: which documents are shown, their bodies, their lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from kb_builder import rules
from kb_builder.insight.material import listed, shown
from kb_builder.loader import Base, HandPage, read_picture
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.site import templates
from kb_builder.site.catalogue import Catalogue, address_of, kind_of
from kb_builder.site.clean import Cleaner
from kb_builder.site.likeness import Likeness
from kb_builder.site.links import Resolver, Targets, way_up
from kb_builder.site.markdown import ConversionError, Converter, Parts
from kb_builder.site.pages import (
    SitePage,
    case,
    lesson,
    lists,
    playbook,
    precedents,
    reference,
    search,
)
from kb_builder.site.pages.blocks import SECTIONS, Body, CleanPart
from kb_builder.site.pages.reference import RulePage
from kb_builder.site.pages.reports import SECTION, Reporting, Reports

_PAGES = {"case": case.page, "playbook": playbook.page, "lesson": lesson.page}
_GENERATED = (
    *(f"{section}/" for section in SECTIONS.values()),
    "browse/", "search/", "precedents/", f"{SECTION}/", "glossary/", "rules/", "fields/", "statistics/", "counterpoints/",
)  # fmt: skip
_PICTURE_ENDINGS = ("png", "jpg", "jpeg", "gif", "webp")


@dataclass(frozen=True, slots=True)
class Redirect:
    """A page that sends readers of an old address on."""

    address: str
    html: str


@dataclass(slots=True)
class Assembly:
    """A site in the making. `warnings` collects what an editor should know, in Chinese.

    Make one with `assemble`; then ask for `pages`, which are made one at a time.
    """

    base: Base
    catalogue: Catalogue
    targets: Targets
    pictures: dict[str, bytes]
    converted: Mapping[str, Parts]
    reports: Reports
    warnings: list[str] = field(default_factory=list)
    _cleaner: Cleaner = field(default_factory=Cleaner)

    def pages(self) -> Iterator[SitePage]:
        """Every page that MkDocs doesn't make."""
        for document in self.catalogue.corpus.documents:
            make = _PAGES[kind_of(document).name]
            yield make(self.catalogue, document, self._body(document))
        yield from lists.kind_lists(self.catalogue)
        yield from lists.facet_pages(self.catalogue)
        yield from lists.value_lists(self.catalogue)
        yield from self.reports.pages()
        yield search.search(self.catalogue)
        yield precedents.page()
        yield reference.glossary(self.catalogue)
        yield reference.fields(self.catalogue)
        yield reference.statistics(self.catalogue)
        yield reference.counterpoints(self.catalogue)
        yield from reference.rules(self._rule_pages())

    def redirects(self) -> Iterator[Redirect]:
        """A page for every old id that no page of today has."""
        taken = set(self.targets.addresses)
        for document in self.catalogue.corpus.documents:
            kind = kind_of(document)
            for old in document.texts("redirect_from"):
                address = address_of(kind, old)
                if not kind.parse_id(old) or address in taken:
                    self.warnings.append(
                        f"{document.path}: 旧编号“{old}”不能跳转：格式不对，或已被占用"
                    )
                    continue
                taken.add(address)
                yield self._redirect(document, old, address)

    def clean(self, html: str, path: str, address: str) -> Markup:
        """The safe HTML of a hand-written page (or a piece of one)."""
        resolver = Resolver(self.targets, path, address)
        found = self._cleaner.clean(html, resolver)
        self._report(path, resolver)
        return found

    def _body(self, document: Document) -> Body:
        parts = self.converted[document.path]
        resolver = Resolver(self.targets, document.path, self.catalogue.address(document))
        clean = self._cleaner.clean
        body = Body(
            lead=clean(parts.lead, resolver),
            sections=tuple(
                CleanPart(part.heading, clean(part.html, resolver)) for part in parts.sections
            ),
            notes=clean(parts.notes, resolver),
        )
        self._report(document.path, resolver)
        return body

    def _report(self, path: str, resolver: Resolver) -> None:
        for url in resolver.broken:
            self.warnings.append(f"{path}: 链接“{url[:80]}”指向的页面不存在或没有发布，已去掉链接")

    def _redirect(self, document: Document, old: str, address: str) -> Redirect:
        there = self.catalogue.address(document)
        html = templates.render(
            "redirect.html",
            title=document.title,
            old=old,
            target=way_up(address) + there,
            canonical=f"{self.catalogue.site_url}{there}" if self.catalogue.site_url else "",
        )
        return Redirect(address, html)

    def _rule_pages(self) -> Iterator[RulePage]:
        converter = Converter()
        in_force = rules.levels(self.base.settings)
        for rule in rules.all_rules():
            text = rule.page.partition("\n")[2]
            resolver = Resolver(self.targets, "", f"rules/{rule.id}/")
            parts = converter.convert(text)
            html = self._cleaner.clean(
                parts.lead
                + "".join(f"<h2>{part.heading.title}</h2>{part.html}" for part in parts.sections),
                resolver,
            )
            level = in_force[rule.id]
            label = "关闭" if level is None else level.label
            yield RulePage(rule.id, rule.name, label, rule.title.rstrip("。"), html)


def assemble(
    base: Base,
    hand_pages: Mapping[str, str],
    *,
    hidden: frozenset[str],
    drafts: bool,
    site_name: str,
    site_url: str,
    cache: dict[str, Parts],
    reporting: Reporting,
    likeness: Likeness,
) -> Assembly:
    """Decide what is shown and convert it.

    `hand_pages` maps the paths of hand-written pages to their addresses, `hidden` holds the paths of
    documents with errors. `cache` keeps converted bodies by digest from build to build; what is no
    longer used is dropped from it.
    """
    warnings: list[str] = []
    corpus = shown(base.corpus, drafts=drafts, hidden=hidden)
    converted, failed = _convert(corpus, cache)
    for path, why in failed.items():
        warnings.append(f"{path}: 正文转换不了，没有发布（{why}）")
    corpus = corpus.select(doc for doc in corpus.documents if doc.path not in failed)
    catalogue = Catalogue.of(
        base.settings,
        corpus,
        site_name=site_name,
        site_url=site_url,
        similar=likeness.find(base, listed(corpus)),
    )
    pictures: dict[str, bytes] = {}
    files = {doc.path: catalogue.address(doc) for doc in corpus.documents}
    targets = Targets(
        files={**files, **hand_pages, **{f"cases/{name[:-1]}.md": name for name in _GENERATED}},
        addresses=frozenset((*files.values(), *hand_pages.values(), *_GENERATED)),
        picture=lambda path: _picture(base, path, pictures),
    )
    reports = Reports(catalogue, reporting)
    return Assembly(base, catalogue, targets, pictures, converted, reports, warnings)


def _convert(corpus: Corpus, cache: dict[str, Parts]) -> tuple[dict[str, Parts], dict[str, str]]:
    """The converted bodies by path, and by path why one can't be."""
    converter = Converter()
    converted: dict[str, Parts] = {}
    failed: dict[str, str] = {}
    kept: dict[str, Parts] = {}
    for document in corpus.documents:
        parts = cache.get(document.digest)
        if parts is None:
            try:
                parts = converter.convert(document.body)
            except ConversionError as error:
                failed[document.path] = str(error)
                continue
        converted[document.path] = kept[document.digest] = parts
    cache.clear()
    cache.update(kept)
    return converted, failed


def _picture(base: Base, path: str, pictures: dict[str, bytes]) -> str | None:
    """The address of a picture that a shown page uses; it is read when first asked for."""
    if not path.lower().endswith(tuple(f".{ending}" for ending in _PICTURE_ENDINGS)):
        return None
    # A folder of its own: a picture must not take the place of a page or of the theme's files.
    address = f"media/{path.partition('/')[2]}"
    if address not in pictures:
        data = read_picture(base.root, path)
        if data is None:
            return None
        pictures[address] = data
    return address


def hand_address(path: str) -> str:
    """The address of a hand-written page: `cases/guide/write-case.md` → `guide/write-case/`."""
    inner = path.partition("/")[2].removesuffix(".md")
    folder, _, name = inner.rpartition("/")
    if name == "index":
        return f"{folder}/" if folder else ""
    return f"{inner}/"


def hand_title(page: HandPage) -> str:
    """The title of a hand-written page: as given, else its first heading, else its file's name."""
    if page.title:
        return page.title
    first = next((line for line in page.body.split("\n") if line.startswith("# ")), "")
    return first[2:].strip() or page.path.rpartition("/")[2].removesuffix(".md")
