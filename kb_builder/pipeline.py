"""From a base to its index and its site: check, index, pages, in this order."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

from kb_builder import __version__, caches, checking, loader, memory, storage
from kb_builder.diagnostics import Diagnostic, KbError, Level
from kb_builder.entries import VERSION, analyzer_of, count_store, entry_of
from kb_builder.index import Update, is_whole, update
from kb_builder.insight.missed import Missed
from kb_builder.loader import Base
from kb_builder.model.audience import VISIBILITY, Audience, concerning
from kb_builder.model.document import ARCHIVED, DRAFT, PUBLISHED, REVIEW

if TYPE_CHECKING:
    from kb_builder.site import BuildReport, Record

Progress = Callable[[str, int, int], None]
"""Called with what is being done (Chinese), how much is done, and how much there is."""

# Settings of MkDocs with which it reads other files, or the environment.
_READS_MORE = re.compile(rb"\b(?:INHERIT|custom_dir|hooks)\b[\"']?\s*:|!ENV\b")

_STAMPS = "stamps.json"
_SITES = "sites"
"""The folder of the records of the sites built, one for each output."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to. `pages` is 0 when nothing had changed or errors stopped it; `warnings` are about the
    site, such as a link that leads nowhere.
    """

    diagnostics: tuple[Diagnostic, ...]
    pages: int = 0
    warnings: tuple[str, ...] = ()
    unchanged: bool = False
    stopped: bool = False


def index_folder(root: Path) -> Path:
    """Where the index of a base lives."""
    return root / loader.STATE / "index"


def index(root: Path, *, drafts: bool, progress: Progress | None = None) -> Update | None:
    """Bring the index up to date; None when nothing in the base has changed since the last time, nor in the index."""
    fingerprint = _fingerprint(_contents(root), "index", str(drafts))
    folder = index_folder(root)
    if _stamp(root, "index") == fingerprint and is_whole(folder):
        return None
    outcome = index_base(loader.load(root), drafts=drafts, progress=progress)
    _set_stamp(root, "index", fingerprint)
    return outcome


def index_base(base: Base, *, drafts: bool, progress: Progress | None = None) -> Update:
    """Bring the index up to date with a loaded base; without drafts it holds what the site holds."""
    documents = {
        document.id: document
        for document in base.corpus.by_id.values()
        if document.readable and (drafts or document.status in (PUBLISHED, ARCHIVED))
    }
    analyzer = analyzer_of(base.settings)
    with count_store(base.state, analyzer, documents=len(base.corpus.documents)) as counts:
        return update(
            index_folder(base.root),
            analyzer,
            # The settings count too: they say which fields are searched and with which weight.
            {
                id_: hashlib.sha256(
                    f"{VERSION} {base.settings.digest}{doc.digest}".encode()
                ).hexdigest()
                for id_, doc in documents.items()
            },
            lambda id_: entry_of(documents[id_]),
            None if progress is None else lambda done, total: progress("索引", done, total),
            counts.count,
        )


def build(
    root: Path,
    output: Path,
    *,
    today: datetime.date,
    drafts: bool = False,
    strict: bool = False,
    with_index: bool = True,
    with_search: bool = True,
    missed: tuple[Missed, ...] = (),
    audience: str | None = None,
    compressed: bool = False,
    progress: Progress | None = None,
) -> Built:
    """Check, index and build the site into `output`, which is replaced as a whole.

    An error in a document that would be published stops the build before anything is written;
    `strict` lets warnings stop it too. `with_index` is for the index of the command line, `with_search`
    for that of the browser, `missed` for the report on what readers searched for in vain, `compressed` for
    copies that a web server can send as they are. When nothing has changed since the last build into `output`, nothing
    is done.

    `audience` (see `loader.audience_of`) decides what of the base is in the site. Errors in what it may not
    see don't stop the build, unless nobody can tell whether it may; and the index of the command line, which
    holds everything, is left as it is.
    """
    with (
        storage.locked(
            output.with_name(f".{output.name}.lock"),
            f"另一个 kb build 正在生成 {output}，请等它结束后再运行",
        ),
        checking.uncollected(),
    ):
        storage.recover(output)
        return _build(
            root,
            output,
            today=today,
            drafts=drafts,
            strict=strict,
            with_index=with_index,
            with_search=with_search,
            missed=missed,
            audience=audience,
            compressed=compressed,
            progress=progress,
        )


def _build(
    root: Path,
    output: Path,
    *,
    today: datetime.date,
    drafts: bool,
    strict: bool,
    with_index: bool,
    with_search: bool,
    missed: tuple[Missed, ...],
    audience: str | None,
    compressed: bool,
    progress: Progress | None,
) -> Built:
    options = (drafts, with_index, with_search, missed, audience, compressed)
    # Taken before the base is read: a file that changes meanwhile counts as changed the next time.
    contents = _contents(root)
    fingerprint = _fingerprint(contents, "build", str(options), today.isoformat())
    name = f"build:{output.resolve()}"
    stamp = _stamp(root, name) or ""
    # The site is listed only when nothing else has changed: that takes as long as reading the base.
    if (
        stamp.startswith(fingerprint)
        and not _reads_more(root)
        and stamp == fingerprint + storage.listing(output)
    ):
        return Built((), unchanged=True)
    base = loader.load(root)
    diagnostics = checking.check(base, today)
    chosen = loader.audience_of(base.settings, audience)
    if chosen is not Audience.ALL:
        vocabulary = base.settings.vocabularies.get(VISIBILITY)
        diagnostics = concerning(chosen, base.corpus, vocabulary, diagnostics)
    unseen = frozenset() if drafts else _unseen(base)
    levels = (diagnostic.level for diagnostic in diagnostics if diagnostic.path not in unseen)
    worst = max(levels, default=Level.HINT)
    if worst is Level.ERROR or (strict and worst is Level.WARNING):
        return Built(diagnostics, stopped=True)
    whole, base = base, loader.for_audience(base, chosen)
    if with_index and chosen is Audience.ALL:
        index_base(base, drafts=drafts, progress=progress)
        _set_stamp(root, "index", _fingerprint(contents, "index", str(drafts)))
    # What the check and Whoosh leave would stay beside all that the site needs.
    memory.give_back()
    try:
        report, listing = _replace(
            base,
            output,
            whole=whole,
            today=today,
            missed=missed,
            drafts=drafts,
            strict=strict,
            search=with_search,
            program=f"{_code()} {chosen}",
            compressed=compressed,
            progress=progress,
        )
    except _HiddenLinks as error:
        return Built((*diagnostics, *error.found), stopped=True)
    _set_stamp(root, name, fingerprint + listing)
    return Built(diagnostics, report.pages, report.warnings)


class _HiddenLinks(Exception):  # noqa: N818  what was found in the content is no fault of the run
    """The site would link to what its readers may not see."""

    def __init__(self, found: tuple[Diagnostic, ...]) -> None:
        super().__init__()
        self.found = found


def _replace(
    base: Base,
    output: Path,
    *,
    whole: Base,
    today: datetime.date,
    missed: tuple[Missed, ...],
    drafts: bool,
    strict: bool,
    search: bool,
    program: str,
    compressed: bool,
    progress: Progress | None,
) -> tuple[BuildReport, str]:
    """Build beside `output`, compare what is on the disk with what was meant to be, then put the new site in
    its place; a failure leaves the old one. Returns the `storage.listing` of the site too.

    Raises _HiddenLinks where a page links to what is in the whole base only.
    """
    # The site is imported here: MkDocs takes 0.2 s to load, and most commands do without it.
    from kb_builder import site

    if output.exists() and not _is_ours(output):
        raise KbError(f"{output} 里有不是本程序生成的文件；换一个 --output，或先清空它")

    known = base.state / _SITES / hashlib.sha256(str(output.resolve()).encode()).hexdigest()[:16]
    spare, spared = known.with_name(f"{known.name}.spare"), known.with_name(f"{known.name}.spared")
    record, in_spare = _record(known), _record(spared).files
    caches.make_folder(known.parent)

    def make(
        fresh: Path, record: site.Record, held: Mapping[str, str]
    ) -> tuple[site.BuildReport, list[str], str]:
        report = site.build(
            base,
            fresh,
            today=today,
            missed=missed,
            drafts=drafts,
            strict=strict,
            search=search,
            progress=progress,
            unpublishable=frozenset(),  # the check has let everything through
            previous=(output, record),
            held=held,
            program=program,
            whole=whole,
        )
        if report.hidden:
            raise _HiddenLinks(report.hidden)
        if report.unconverted:
            raise KbError(report.unconverted[0])
        return report, *storage.differing(fresh, report.record.files)

    def fill(fresh: Path) -> tuple[site.BuildReport, str]:
        held = in_spare if any(fresh.iterdir()) else {}
        report, wrong, listing = make(fresh, record, held)
        if wrong and (record.pages or held):
            # Somebody changed a site from which files were taken: take none.
            storage.empty(fresh)
            report, wrong, listing = make(fresh, site.Record(), {})
        if wrong:
            raise KbError(f"写到磁盘上的和生成的不一样：{wrong[0]}；磁盘可能有问题，网站没有换")
        if compressed:
            site.compress(fresh)
            listing = storage.listing(fresh)
        return report, listing

    with storage.explained(output):
        report, listing = storage.replace_folder(output, fill, spare=spare, held=in_spare.keys())
    caches.write(spared, site.Record(files=record.files).encode())
    caches.write(known, report.record.encode())
    return report, listing


def _record(path: Path) -> Record:
    """The record in a file, an empty one if there is none."""
    from kb_builder.site import Record

    return Record.decode(caches.read(path) or b"")


def _unseen(base: Base) -> frozenset[str]:
    """The paths of the documents that say themselves that they aren't to be published yet."""
    return frozenset(
        document.path
        for document in base.corpus.documents
        if document.readable and document.text("status") in (DRAFT, REVIEW)
    )


def _is_ours(output: Path) -> bool:
    """Whether a folder is empty or a site: something that may be replaced."""
    if not output.is_dir():
        return False
    return not any(output.iterdir()) or (output / "404.html").is_file()


def _fingerprint(contents: str, *options: str) -> str:
    """Changes when a file of the base does, or the program, or an option."""
    return hashlib.sha256(
        "\0".join((contents, __version__, _code(), *options)).encode()
    ).hexdigest()


def _contents(root: Path) -> str:
    """Digest of the files of a base, and of their names."""
    digest = hashlib.sha256()
    folders = (loader.CONTENT, loader.CONFIG)
    files = [root / "mkdocs.yml"]
    files += sorted(
        path for name in folders for path in (root / name).rglob("*") if not storage.is_folder(path)
    )
    for path in files:
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        # What is no regular file is not read anywhere.
        data = caches.read(path)
        digest.update(hashlib.sha256(data).digest() if data is not None else b"")
    return digest.hexdigest()


def _reads_more(root: Path) -> bool:
    """Whether the site is made of more than `_contents`: then nobody knows that nothing has changed."""
    data = caches.read(root / "mkdocs.yml")
    return data is not None and _READS_MORE.search(data) is not None


@cache
def _code() -> str:
    """Digest of the program: this package's files by size and time, and the versions of Python and of all that is installed."""
    package = Path(__file__).parent
    stats = sorted(
        (path.relative_to(package).as_posix(), path.stat().st_size, path.stat().st_mtime_ns)
        for path in package.rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js"}
    )
    libraries = sorted({(each.name, each.version) for each in distributions()})
    return hashlib.sha256(repr((stats, sys.version, libraries)).encode()).hexdigest()


def _stamps(root: Path) -> dict[str, str]:
    try:
        stamps = json.loads(caches.read(root / loader.STATE / _STAMPS) or b"")
    except (ValueError, RecursionError):
        # Missing or damaged stamps only mean that everything is made anew.
        return {}
    if not isinstance(stamps, dict):
        return {}
    return {name: stamp for name, stamp in stamps.items() if isinstance(stamp, str)}


def _stamp(root: Path, name: str) -> str | None:
    return _stamps(root).get(name)


def _set_stamp(root: Path, name: str, value: str) -> None:
    stamps = _stamps(root) | {name: value}
    caches.write(root / loader.STATE / _STAMPS, json.dumps(stamps, indent=1).encode())
