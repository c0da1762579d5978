"""The MkDocs plugin `kb`: makes `mkdocs build` and `mkdocs serve` give the complete site.

MkDocs itself sees only the hand-written pages, and of those only the text after the front matter.
Everything else is made here and stamped into the theme's shell.
"""

# ruff: noqa: ARG002  MkDocs passes the arguments of its events by name.

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents, get_toc

from kb_builder import checking, clock, loader
from kb_builder.charts import Charts
from kb_builder.diagnostics import KbError, Level
from kb_builder.insight.missed import Missed
from kb_builder.loader import Base, HandPage
from kb_builder.model.audience import Audience
from kb_builder.model.pages import hand_address, holders, name_problem
from kb_builder.site import appearance, preview
from kb_builder.site.assembly import assemble, hand_title, unconverted_warning
from kb_builder.site.fragments import escaped
from kb_builder.site.likeness import NAME as SIMILAR
from kb_builder.site.likeness import Likeness
from kb_builder.site.links import ROOT, Astray
from kb_builder.site.markdown import EXTENSIONS, OPTIONS, ConversionError, convert_whole
from kb_builder.site.navigation import without_dangling
from kb_builder.site.output import Output
from kb_builder.site.pages import home
from kb_builder.site.pages.reports import Reporting
from kb_builder.site.parts import PartPages, Previous
from kb_builder.site.patience import PatientConverter
from kb_builder.site.policy import HEADERS, Policy
from kb_builder.site.record import Record
from kb_builder.site.reloading import Reloading
from kb_builder.site.reuse import DocumentPages, maker_of
from kb_builder.site.searching import FOLDER, SearchIndex
from kb_builder.site.shell import NavLink, Shell
from kb_builder.site.sitemap import sitemap
from kb_builder.site.terms import TermsMaker

log = get_plugin_logger("kb")

Progress = Callable[[str, int, int], None]
"""Called with what is being done (Chinese), how much is done, and how much there is."""

_MANY = 1_000
"""From so many documents on, memory counts for more than the start of another process."""

_HOME = f"{loader.CONTENT}/{loader.PAGES[0]}"
_NAVIGATION = (("找先例", "precedents"), ("案例", "cases"), ("预案", "playbooks"), ("教训", "lessons"), ("浏览", "browse"),
               ("报表", "reports"), ("培训", "training"))  # fmt: skip
_REPORT_EVERY = 100


class KbConfig(Config):  # type: ignore[no-untyped-call]
    """What an owner may set under `plugins: - kb:`."""

    drafts = config_options.Type(bool, default=False)
    """Also show drafts and documents in review, marked as such."""


@dataclass(slots=True)
class Request:
    """What a caller from Python wants of the next build, and what it learns from it.

    `base` spares reading it again; `unpublishable` are paths known to have errors, None means the
    plugin checks by itself; without `search` the index for the browser is left out. Without `today` it is
    the day of the build. `missed` is what readers searched for in vain. `audience` is for whom the site is
    (see `loader.audience_of`); a `base` handed over is narrowed already. `staging` is a folder, not there yet, for
    what MkDocs makes on the way. `previous` is where the site was built before, with its record: pages that would
    be the same are taken from there; `held` is what the new site's folder holds already. `program` changes with the program; empty, nothing is taken. `record` is that
    of the new site.
    """

    drafts: bool = False
    search: bool = True
    base: Base | None = None
    unpublishable: frozenset[str] | None = None
    today: datetime.date | None = None
    missed: tuple[Missed, ...] = ()
    audience: str | None = None
    staging: Path | None = None
    previous: tuple[Path, Record] | None = None
    held: Mapping[str, str] = field(default_factory=dict)
    program: str = ""
    progress: Progress | None = None
    pages: int = 0
    written: int = 0
    record: Record = field(default_factory=Record)
    warnings: list[str] = field(default_factory=list)
    unconverted: list[str] = field(default_factory=list)
    astray: list[Astray] = field(default_factory=list)


REQUEST: ContextVar[Request | None] = ContextVar("kb_request", default=None)
"""How `kb build` and `kb serve` reach the plugin, which MkDocs creates."""


class KbPlugin(BasePlugin[KbConfig]):  # type: ignore[no-untyped-call]
    """See the module."""

    def __init__(self) -> None:
        self._begin(Path())

    def _begin(self, root: Path) -> None:
        """Know nothing yet of the base in `root`."""
        self._root = root
        self._terms = TermsMaker()
        self._index = SearchIndex(self._terms)
        self._likeness = Likeness(self._terms)
        self._record = Record()
        self._followed: loader.FollowedBase | None = None
        self._staging: Path | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Makes MkDocs keep this object while it serves, and with it the record of the site."""
        if dirty:
            log.warning("--dirty 不起作用：没有变的页面本来就不会重写")

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Set the look, read and check the base, and keep MkDocs away from content and output."""
        self._request = REQUEST.get() or Request()
        self._request.pages = 0
        self._request.warnings.clear()
        self._request.unconverted.clear()
        root = Path(config.config_file_path).absolute().parent
        # MkDocs keeps this object for the next site that the process builds, which may be of another base.
        if root != self._root:
            self._begin(root)
        self._drafts = self._request.drafts or self.config.drafts
        self._terms.progress = self._request.progress
        self._today = self._request.today or clock.today()
        appearance.apply(config, self._root, log.warning, search=self._request.search)
        if set(config.markdown_extensions) - set(EXTENSIONS):
            log.warning("mkdocs.yml 里的 markdown_extensions 不起作用：正文能用的写法由 kb 规定")
        config.markdown_extensions = list(EXTENSIONS)
        config.mdx_configs = {name: dict(options) for name, options in OPTIONS.items()}
        # Links are resolved and reported by us, in Chinese.
        config.validation.nav["not_found"] = _SILENT
        for name in ("not_found", "absolute_links", "unrecognized_links", "anchors"):
            config.validation.links[name] = _SILENT
        try:
            self._followed = self._followed or loader.FollowedBase(self._root)
            base = self._whole = self._request.base or self._followed.now()
            self._hidden = self._unpublishable(base)
            self._chosen = loader.audience_of(base.settings, self._request.audience)
            self._base = self._request.base or loader.for_audience(base, self._chosen)
        except KbError as error:
            raise PluginError(str(error)) from error
        self._detach(config)
        return config

    def _detach(self, config: MkDocsConfig) -> None:
        """Let MkDocs read from an empty folder and write to a private one.

        It would walk the content, following symbolic links, and empty the site before it knows
        whether the build will succeed.
        """
        self._real = (config.docs_dir, config.site_dir)
        # In a folder that is ours alone, so that what a killed run leaves goes with it.
        private = self._request.staging
        if private is not None:
            private.mkdir(parents=True)
        self._staging = private or Path(tempfile.mkdtemp(prefix="kb-site-"))
        config.docs_dir = str(self._staging / "docs")
        config.site_dir = str(self._staging / "site")
        Path(config.docs_dir).mkdir()

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Hand MkDocs the texts of the hand-written pages; nothing else from the base."""
        for file in list(files):
            if appearance.is_unused(file.src_uri):
                files.remove(file)
        self._hand = {}
        self._texts: dict[str, str] = {}
        pages = tuple(self._hand_pages())
        held = holders([page.path for page in pages])
        for page in pages:
            uri = page.path.partition("/")[2]
            # The empty line keeps MkDocs from taking the first lines of the text for front matter.
            is_home = page.path == _HOME
            # The home page is in the navigation always, and need not be listed in `nav:`.
            inclusion = InclusionLevel.NOT_IN_NAV if is_home else InclusionLevel.INCLUDED
            file = File.generated(config, uri, content=f"\n{page.body}", inclusion=inclusion)
            problem = page.problem or "；".join(filter(None, name_problem(page.path, held)))
            problem = problem or _conversion_problem(page.body)
            if problem:
                self._warn(f"{page.path}: {problem}；这一页没有发布")
                self._request.unconverted.append(self._request.warnings[-1])
                if not is_home:
                    continue
                page = HandPage(_HOME, "", "")
                file.content_string = "\n"
            self._hand[uri] = page
            files.append(file)
        for name, data in appearance.assets():
            files.append(
                File.generated(config, name, content=data, inclusion=InclusionLevel.INCLUDED)
            )
        self._likeness.remember(self._previous.record)
        try:
            self._assembly = assemble(
                self._base,
                {page.path: hand_address(page.path) for page in self._hand.values()},
                hidden=self._hidden,
                drafts=self._drafts,
                site_name=config.site_name,
                site_url=config.site_url or "",
                likeness=self._likeness,
                reporting=Reporting(
                    self._today,
                    self._request.missed,
                    Charts(
                        self._base.state / "charts.json",
                        apart=len(self._base.corpus.documents) >= _MANY,
                    ),
                ),
                before=self._previous.record,
                # A preview shows what it can; `kb build` gives up at the first page that can't be made.
                ahead=self._request.previous is None,
            )
        except KbError as error:
            raise PluginError(str(error)) from error
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """The small navigation. What `nav:` lists (or else every guide page) goes under 指南."""
        for uri in self._hand:
            file = files.get_file_from_path(uri)
            # A title in `nav:` is the owner's; MkDocs would make others of the files' names.
            if file is not None and file.page is not None and "title" not in vars(file.page):
                file.page.title = escaped(self._title(uri))
        start = files.get_file_from_path(loader.PAGES[0])
        assert start is not None  # on_files adds one where the base has none
        assert start.page is not None  # MkDocs makes a page for every Markdown file
        items: list[Any] = [start.page]
        items += [NavLink(title, section) for title, section in _NAVIGATION]
        dangling: list[str] = []
        listed = without_dangling(_flat(nav.items, config.nav is not None), dangling)
        guide = [item for item in listed if item != start.page]
        for target in dangling:
            self._warn(f"mkdocs.yml: nav 里的“{target}”没有对应的手写页面，没有放进导航")
        if guide:
            section = Section("指南", guide)
            for item in guide:
                item.parent = section
            items.append(section)
        items.append(NavLink("术语", "glossary"))
        self._files = files
        pages = [page for page in nav.pages if page is not start.page]
        self._nav = Navigation(items, [start.page, *pages])
        return self._nav

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Give the page the metadata that may reach the theme: a title, escaped; take its text from MkDocs.

        We convert it, as we do documents: MkDocs looks for anchors with a parser that `<![` brings down.
        """
        hidden = {"hide": ["navigation", "toc"]}
        page.meta = hidden if page.is_homepage else {"title": page.title}
        self._texts[page.file.src_uri] = markdown
        return ""

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Convert and clean a hand-written page; put the generated panels on the home page."""
        path = f"{loader.CONTENT}/{page.file.src_uri}"
        try:
            whole = convert_whole(self._texts.pop(page.file.src_uri))
        except ConversionError as error:
            raise PluginError(unconverted_warning(path, str(error))) from error
        page.toc = TableOfContents(list(map(_safe_link, get_toc(whole.headings))))
        if not page.is_homepage:
            return self._assembly.clean(whole.html, path, page.url)
        lead, doors = home.split(whole.html)
        return home.content(
            self._assembly.catalogue,
            lead=self._assembly.clean(lead, path, ""),
            doors=[
                (anchor, title, self._assembly.clean(part, path, ""))
                for anchor, title, part in doors
            ],
            about=config.site_description or "",
            reports=self._assembly.cards(),
        ).replace(ROOT, "")

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Keep the theme's environment for the shell."""
        self._environment = env
        return env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Stamp all other pages and bring the output up to date."""
        staged = Path(config.site_dir)
        config.docs_dir, config.site_dir = self._real
        output = Output(Path(config.site_dir), self._request.held)
        policy = Policy()
        policy.folder(staged)
        output.copy(staged)
        shell = Shell(self._environment, config, self._files, self._nav, policy)
        addresses = [page.url for page in self._nav.pages]
        previous = replace(self._previous, record=self._assembly.before)
        documents = DocumentPages(self._assembly, shell, output, previous)
        parts = PartPages(self._assembly.sights, shell, output, previous)
        total, progress = len(self._assembly.catalogue.corpus.documents), self._request.progress
        found = chain(documents.put(), chain.from_iterable(map(parts.put, self._assembly.parts())))
        try:
            for number, (address, listed) in enumerate(found):
                if listed:
                    addresses.append(address)
                if progress and number < total and number % _REPORT_EVERY == 0:
                    progress("页面", number, total)
                self._request.pages += 1
        except ConversionError as error:
            raise PluginError(str(error)) from error
        self._assembly.reporting.charts.keep(whole=not parts.taken)
        for redirect in self._assembly.redirects():
            output.page(redirect.address, policy.page(redirect.html))
        for address, data in sorted(self._assembly.pictures.items()):
            output.put(address, data)
        if self._request.search:
            try:
                base = self._assembly.base
                catalogue = self._assembly.catalogue
                parts.parts[FOLDER] = self._index.put(
                    catalogue,
                    Path(config.site_dir),
                    output,
                    base,
                    previous,
                    self._request.progress,
                )
            except KbError as error:
                raise PluginError(str(error)) from error
        if config.site_url:
            output.put("sitemap.xml", sitemap(config.site_url, addresses))
        output.put(HEADERS, policy.headers(output.digests))
        output.finish()
        self._request.pages += len(self._hand)
        self._request.written = output.written
        self._documents, self._site = documents, Path(config.site_dir)
        self._record = Record(
            self._maker,
            self._assembly.about,
            output.digests,
            {**documents.pages, **parts.pages},
            {**parts.parts, SIMILAR: self._likeness.part},
        )
        self._request.record = self._record
        self._request.unconverted += self._assembly.unconverted
        self._request.astray = self._assembly.astray
        for warning in self._assembly.warnings:
            self._warn(warning)
        log.info(f"{self._request.pages} 页，写了 {output.written} 个文件：{config.site_dir}")
        self._clear()

    @property
    def _previous(self) -> Previous:
        """The site made before, with what of its record was made by this program."""
        folder, record = self._request.previous or (Path(self._real[1]), self._record)
        return Previous(folder, record.by(self._maker))

    @property
    def _maker(self) -> str:
        return maker_of(self._request.program)

    def on_build_error(self, *, error: Exception) -> None:
        """Leave nothing behind."""
        self._clear()

    def on_serve(
        self, server: LiveReloadServer, /, *, config: MkDocsConfig, builder: Callable[..., Any]
    ) -> LiveReloadServer:
        """Watch what the base is made of, and answer only to this machine's own names."""
        folders = (loader.CONTENT, loader.CONFIG)
        try:
            Reloading(server, self._root, folders, self._remake, self._is_outdated).start()
        except KbError as error:
            log.warning(f"{error}；改为每半秒看一遍所有文件")
            server.watch(str(self._root / loader.CONFIG))
        else:
            # MkDocs looks at every file of a folder twice a second; now the system tells us what changed.
            server.unwatch(config.docs_dir)
        try:
            preview.guard(server)
        except KbError as error:
            raise PluginError(str(error)) from error
        return server

    def _is_outdated(self) -> bool:
        """Whether the base has changed since it was read."""
        assert self._followed is not None  # on_config made it
        try:
            now = self._followed.now()
        except KbError:
            return True  # The build says why.
        return (now.settings, now.corpus) != (self._whole.settings, self._whole.corpus)

    def _remake(self, path: str) -> bool:
        """Make the page of a saved document, with everything else as it was; False where that isn't enough.

        What can't be shown like this, the build that follows shows, or says why not.
        """
        old = next((d for d in self._base.corpus.documents if d.path == path), None)
        if old is None or self._chosen is not Audience.ALL:
            return False
        document = loader.read_document(self._root, path, self._base.settings.schema)
        if (document.id, document.status) != (old.id, old.status) or not document.readable:
            return False
        if self._assembly.catalogue.find(document.id) is not old:
            return False
        html = self._documents.preview(document)
        if html is None:
            return False
        address = self._assembly.catalogue.address(document)
        target = self._site / address / "index.html"
        fresh = target.with_name(".index.new")
        fresh.write_text(html, encoding="utf-8")
        fresh.replace(target)
        # The file isn't any more what the record says: it must not be taken for it.
        pages = {each: made for each, made in self._record.pages.items() if each != address}
        self._record = replace(self._record, pages=pages)
        return True

    def _title(self, uri: str) -> str:
        page = self._hand[uri]
        return "首页" if page.path == _HOME and not page.title else hand_title(page)

    def _clear(self) -> None:
        if self._staging is not None:
            shutil.rmtree(self._staging, ignore_errors=True)
            self._staging = None

    def _warn(self, message: str) -> None:
        self._request.warnings.append(message)
        log.warning(message)

    def _unpublishable(self, base: Base) -> frozenset[str]:
        """The paths of documents and pages that must not be published."""
        if self._request.unpublishable is not None:
            return self._request.unpublishable
        found = checking.check(base, self._today)
        errors = [one for one in found if one.level is Level.ERROR]
        for one in errors:
            place = f"{one.path}:{one.span.line}:{one.span.column}"
            self._warn(f"{place}: {one.rule} {one.message}；这一篇没有发布")
        return frozenset(one.path for one in errors)

    def _hand_pages(self) -> Iterator[HandPage]:
        """The hand-written pages that are for these readers and have no errors, and always a home page."""
        shown = self._base.corpus.pages - self._hidden
        found = {page.path: page for page in loader.hand_pages(self._root) if page.path in shown}
        yield found.pop(_HOME, HandPage(_HOME, "", ""))
        yield from found.values()


_SILENT = 10
"""The level of a debug message, which nobody sees and `--strict` does not count."""


def _flat(items: Sequence[Any], as_written: bool) -> list[Any]:
    """The items of a navigation; without those sections that MkDocs made up from folder names."""
    if as_written:
        return list(items)
    found: list[Any] = []
    for item in items:
        found += _flat(item.children, as_written) if item.is_section else [item]
    return found


def _safe_link(link: AnchorLink) -> AnchorLink:
    """An entry of the table of contents that can't break out of the theme's template."""
    safe = AnchorLink(escaped(_text(link.title)), escaped(link.id), link.level)
    safe.children = [_safe_link(child) for child in link.children]
    return safe


def _text(html: str) -> str:
    """The text of a piece of HTML."""
    return Markup(html).striptags()  # noqa: S704  only to take the tags out


def _conversion_problem(text: str) -> str:
    """Why the text of a page can't be converted, or empty."""
    try:
        PatientConverter().convert(text)
    except ConversionError as error:
        return f"正文转换不了（{error}）"
    return ""
