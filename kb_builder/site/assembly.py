"""All pages of a site, from a base: which documents are shown, their bodies, their lists."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import starmap

from markupsafe import Markup

from kb_builder import rules
from kb_builder.insight.material import listed, shown
from kb_builder.insight.reports import OFFERS
from kb_builder.loader import Base, HandPage, read_picture
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.site import exports, templates
from kb_builder.site.catalogue import Catalogue, address_of, kind_of
from kb_builder.site.clean import Cleaner
from kb_builder.site.feeds import Feeds
from kb_builder.site.likeness import Likeness
from kb_builder.site.links import Astray, Resolver, Targets, way_up
from kb_builder.site.markdown import ConversionError, Converter, Parts
from kb_builder.site.pages import (
    Asset,
    Piece,
    SitePage,
    case,
    lesson,
    lists,
    playbook,
    precedents,
    reference,
    search,
    training,
)
from kb_builder.site.pages import exports as downloads
from kb_builder.site.pages.blocks import SECTIONS, Body, CleanPart
from kb_builder.site.pages.reference import RulePage
from kb_builder.site.pages.reports import SECTION, SIGHTS, Card, Reporting, Reports, index
from kb_builder.site.parts import Part
from kb_builder.site.patience import PatientConverter
from kb_builder.site.record import Record
from kb_builder.site.sights import Sight, Sights, name_of, seal_of

_PAGES = {"case": case.page, "playbook": playbook.page, "lesson": lesson.page}
_GENERATED = (
    *(f"{section}/" for section in SECTIONS.values()),
    "browse/", "search/", "precedents/", f"{SECTION}/", f"{training.SECTION}/", exports.FOLDER,
    "glossary/", "rules/", "fields/", "statistics/", "counterpoints/",
)  # fmt: skip
_NO_TARGETS = Targets({}, frozenset(), lambda _: None)
"""Explanations of rules are the program's own: they lead nowhere in the base."""
_PICTURE_ENDINGS = ("png", "jpg", "jpeg", "gif", "webp")


@dataclass(frozen=True, slots=True)
class Redirect:
    """A page that sends readers of an old address on."""

    address: str
    html: str


@dataclass(slots=True)
class Assembly:
    """A site in the making. `warnings` collects what an editor should know, in Chinese.

    Make one with `assemble`.
    """

    base: Base
    catalogue: Catalogue
    sights: Sights
    targets: Targets
    pictures: dict[str, bytes]
    converted: dict[str, Parts]
    """Bodies that are converted already, by the digest of their document, each until its page is made."""
    reporting: Reporting
    about: str
    """Changes with all that every page depends on, but for the program and the shell."""
    before: Record
    """Of the site made before, what can be used: nothing if anything has changed that every page depends on."""
    warnings: list[str] = field(default_factory=list)
    unconverted: list[str] = field(default_factory=list)
    """Those of the warnings that tell of a document that is missing from the site."""
    astray: list[Astray] = field(default_factory=list)
    """Every link that leads to no page of the site."""
    _cleaner: Cleaner = field(default_factory=Cleaner)
    _converter: PatientConverter = field(default_factory=PatientConverter)
    _reports: dict[Sight, Reports] = field(default_factory=dict)

    def parts(self) -> Iterator[Part]:
        """Every page that neither MkDocs makes nor is that of a document, and the feeds and exports."""
        yield Part("lists", Sight.ABSTRACT, lambda seen: lists.pages(seen, Feeds(seen).titles))
        yield from self._report_parts()
        cards = self.cards()
        yield Part("reports", Sight.NOTHING, lambda _: [index(cards)], given=repr(cards))
        yield Part(training.SECTION, Sight.WHOLE, self._training, given=self.reporting.seal)
        yield Part("reference", Sight.FRONT, _reference)
        yield Part("explanations", Sight.NOTHING, self._explanations)
        yield Part("exports", Sight.FRONT, _exports)
        yield Part("feeds", Sight.ABSTRACT, lambda seen: starmap(Asset, Feeds(seen).files()))

    def cards(self) -> tuple[Card, ...]:
        """What the home page says of the reports."""
        told = (part.told(self.sights, self.before) for part in self._report_parts())
        return tuple(Card.of(each) for each in told)

    def _report_parts(self) -> Iterator[Part]:
        for offer in OFFERS:
            yield self._report_part(offer.key, SIGHTS.get(offer.key, Sight.FRONT))

    def _report_part(self, key: str, sight: Sight) -> Part:
        return Part(
            f"{SECTION}/{key}",
            sight,
            lambda _: self._reports_of(sight).pages(key),
            given=self.reporting.seal,
            tell=lambda _: self._reports_of(sight).card(key).told,
        )

    def _reports_of(self, sight: Sight) -> Reports:
        found = self._reports.get(sight)
        if found is None:
            seen = self.sights.catalogue(sight)
            found = self._reports[sight] = Reports(seen, self.reporting)
        return found

    def _training(self, seen: Catalogue) -> Iterator[SitePage]:
        return training.pages(seen, self._reports_of(Sight.WHOLE).material)

    def _explanations(self, seen: Catalogue) -> Iterator[SitePage]:
        """The pages that follow from the settings alone."""
        yield precedents.page()
        yield reference.fields(seen)
        yield reference.statistics(seen)
        yield from reference.rules(self._rule_pages())

    def resolver(self, document: Document) -> Resolver:
        """Where the links in the body of a document lead."""
        return Resolver(self.targets, document.path, self.catalogue.address(document))

    def document_page(
        self, document: Document, catalogue: Catalogue, resolver: Resolver
    ) -> SitePage:
        """The page of a document."""
        page = _PAGES[kind_of(document).name]
        return page(catalogue, document, self._body(document, resolver))

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
        self.report(path, resolver)
        return found

    def _body(self, document: Document, resolver: Resolver) -> Body:
        parts = self.converted.pop(document.digest, None) or self._convert(document)
        clean = self._cleaner.clean
        body = Body(
            lead=clean(parts.lead, resolver),
            sections=tuple(
                CleanPart(part.heading, clean(part.html, resolver)) for part in parts.sections
            ),
            notes=clean(parts.notes, resolver),
        )
        self.report(document.path, resolver)
        return body

    def _convert(self, document: Document) -> Parts:
        try:
            return self._converter.convert(document.body)
        except ConversionError as error:
            raise ConversionError(unconverted_warning(document.path, str(error))) from error

    def report(self, path: str, resolver: Resolver) -> None:
        """Warn of the links that lead nowhere."""
        for url in (*resolver.broken, *resolver.strays):
            self.astray.append(Astray(path, resolver.address, url))
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
            resolver = Resolver(_NO_TARGETS, "", f"rules/{rule.id}/")
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
    reporting: Reporting,
    likeness: Likeness,
    before: Record,
    ahead: bool,
) -> Assembly:
    """Decide what is shown.

    `hand_pages` maps the paths of hand-written pages to their addresses, `hidden` holds the paths of
    documents with errors. `before` is the record of a site that the same program made. With `ahead` documents of
    which this says nothing are converted now, and left out when they can't be; without it, making the page of such
    a document raises ConversionError.
    """
    corpus = shown(base.corpus, drafts=drafts, hidden=hidden)
    known = before.seals
    converted, failed = _convert(corpus, known) if ahead else ({}, {})
    unconverted = [unconverted_warning(path, why) for path, why in failed.items()]
    if failed:
        corpus = corpus.select(doc for doc in corpus.documents if doc.path not in failed)
    catalogue = Catalogue.of(
        base.settings,
        corpus,
        site_name=site_name,
        site_url=site_url,
        similar=likeness.find(base, listed(corpus)),
    )
    about = about_of(catalogue)
    pictures: dict[str, bytes] = {}
    files = {doc.path: catalogue.address(doc) for doc in corpus.documents}
    targets = Targets(
        files={**files, **hand_pages, **{f"cases/{name[:-1]}.md": name for name in _GENERATED}},
        addresses=frozenset((*files.values(), *hand_pages.values(), *_GENERATED)),
        picture=lambda path: _picture(base, path, pictures),
        site_url=site_url,
    )
    return Assembly(
        base,
        catalogue,
        Sights(catalogue, known),
        targets,
        pictures,
        converted,
        reporting,
        about,
        before.of(about),
        warnings=list(unconverted),
        unconverted=unconverted,
    )


def about_of(catalogue: Catalogue) -> str:
    """Changes with what every page may show and does not ask for: the settings, and which values have lists."""
    settings = catalogue.settings
    # For an audience they are narrowed by what else it may see; the digest is that of the files.
    narrowed = (settings.counterpoints, settings.glossary, settings.statistics)
    return seal_of(
        (
            settings.digest,
            catalogue.site_name,
            catalogue.site_url,
            repr(narrowed),
            repr(sorted(catalogue.choices)),
        )
    )


def unconverted_warning(path: str, why: str) -> str:
    """What an editor is told of a body that can't be converted."""
    return f"{path}: 正文转换不了，没有发布（{why}）"


def _convert(corpus: Corpus, known: Container[str]) -> tuple[dict[str, Parts], dict[str, str]]:
    """The bodies of documents that aren't known to be convertible, by digest, and by path why one isn't."""
    converter = PatientConverter()
    converted: dict[str, Parts] = {}
    failed: dict[str, str] = {}
    for document in corpus.documents:
        if name_of(document) in known:
            continue
        try:
            converted[document.digest] = converter.convert(document.body)
        except ConversionError as error:
            failed[document.path] = str(error)
    return converted, failed


def _reference(seen: Catalogue) -> Iterator[SitePage]:
    """The pages that follow from the settings, and name documents or values that they have."""
    yield search.search(seen)
    yield reference.glossary(seen)
    yield reference.counterpoints(seen)


def _exports(seen: Catalogue) -> Iterator[Piece]:
    """订阅和导出: the page about them, and the exported files."""
    yield downloads.page(seen, Feeds(seen))
    yield from starmap(Asset, exports.files(seen))


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


def hand_title(page: HandPage) -> str:
    """The title of a hand-written page: as given, else its first heading, else its file's name."""
    if page.title:
        return page.title
    first = next((line for line in page.body.split("\n") if line.startswith("# ")), "")
    return first[2:].strip() or page.path.rpartition("/")[2].removesuffix(".md")
