"""The way in from Python: build a site, or preview it."""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from kb_builder import __version__
from kb_builder.diagnostics import Diagnostic, KbError
from kb_builder.insight.missed import Missed
from kb_builder.loader import Base
from kb_builder.site import preview
from kb_builder.site.hidden import links_to_hidden
from kb_builder.site.plugin import REQUEST, KbPlugin, Progress, Request
from kb_builder.site.record import Record

CONFIG_FILE = "mkdocs.yml"

STAGING = ".mkdocs"
"""The folder inside the output for what MkDocs makes on the way."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build came to: how many pages the site has, how many files were written (the others
    were right already), what an editor should know, and the record by which the next build knows what it need
    not make again.
    """

    pages: int
    written: int
    warnings: tuple[str, ...]
    record: Record
    unconverted: tuple[str, ...] = ()
    """Those of the warnings that tell of a page that is missing from the site."""
    hidden: tuple[Diagnostic, ...] = ()
    """Links to what of the whole base is not for the site's readers: such a site must not be published."""


def build(
    base: Base,
    output: Path,
    *,
    drafts: bool = False,
    strict: bool = False,
    search: bool = True,
    progress: Progress | None = None,
    unpublishable: frozenset[str] | None = None,
    today: datetime.date | None = None,
    missed: tuple[Missed, ...] = (),
    previous: tuple[Path, Record] | None = None,
    held: Mapping[str, str] | None = None,
    program: str = "",
    whole: Base | None = None,
) -> BuildReport:
    """Build the site of a loaded base into `output`, which afterwards holds it and nothing else.

    `unpublishable` are the paths of documents with errors; without it the base is checked here.
    Without `search` the index for the browser is left out, and the search box says so. Reports are as of
    `today`, this day if None; `missed` is what readers searched for in vain.
    `previous` is a site made before, and its record: what would be the same is taken from there, if `program`,
    which must change with the program, says that it is the same one. `held` is what is in `output` already, SHA-256
    in hex by path, as far as that is known. `whole` is the base before it was narrowed to what the site's readers
    may see (see `loader.for_audience`).
    Raises KbError when the site can't be built, and in `strict` mode also for a warning; the site
    may then be written already, so build into a folder of its own and move it.
    """
    request = Request(
        drafts=drafts,
        search=search,
        base=base,
        unpublishable=unpublishable,
        today=today,
        missed=missed,
        previous=previous,
        held=held or {},
        program=program,
        staging=output.absolute() / STAGING,
        progress=progress,
    )
    token = REQUEST.set(request)
    messages = _Messages()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(messages)
    try:
        # Strictness is ours: MkDocs would end the process.
        config = load_config(
            str(_config_file(base.root)), site_dir=str(output.absolute()), strict=False
        )
        _require_plugin(config.plugins)
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build.build(config)
        config.plugins.on_shutdown()
    except (MkDocsException, SystemExit) as error:
        raise KbError("；".join(messages.errors) or f"MkDocs 生成不了网站：{error}") from error
    finally:
        logger.removeHandler(messages)
        REQUEST.reset(token)
    warnings = tuple(dict.fromkeys((*request.warnings, *messages.warnings)))
    hidden: tuple[Diagnostic, ...] = ()
    if whole is not None:
        hidden = links_to_hidden(request.astray, whole, base, config.site_url or "")
    if strict and warnings and not hidden:
        raise KbError(f"有 {len(warnings)} 个警告，严格模式下不发布：{'；'.join(warnings[:5])}")
    unconverted = tuple(request.unconverted)
    return BuildReport(
        request.pages, request.written, warnings, request.record, unconverted, hidden
    )


def serve(
    root: Path,
    address: str,
    *,
    drafts: bool = False,
    audience: str | None = None,
    say: Callable[[str], None] | None = None,
) -> None:
    """Preview the base in `root` at `address` (`127.0.0.1:8000`) until interrupted.

    A changed file in `cases/`, `site_config/` or `mkdocs.yml` rebuilds the site and reloads the
    browser. `say` is told in Chinese what goes on: the address, each new build, every warning.
    Raises KbError when the first build fails.
    """
    preview.require_local(address)
    # Within one process the program doesn't change.
    token = REQUEST.set(Request(drafts=drafts, audience=audience, program=__version__))
    logger = logging.getLogger("mkdocs")
    handler = _Running(say or (lambda _line: None))
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel(logging.INFO)
    try:
        mkdocs_serve.serve(str(_config_file(root)), dev_addr=address)
    except MkDocsException as error:
        raise KbError(f"预览开始不了：{error}") from error
    except OSError as error:
        raise KbError(f"地址 {address} 用不了：{error.strerror or error}；换一个端口") from error
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)
        REQUEST.reset(token)


def _config_file(root: Path) -> Path:
    path = root / CONFIG_FILE
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise KbError(f"{CONFIG_FILE} 是符号链接，或不是普通文件，不读取；换成普通文件")
    if not path.exists():
        raise KbError(f"缺少 {CONFIG_FILE}：至少写明 site_name、docs_dir: cases 和 plugins: [kb]")
    return path


def _require_plugin(plugins: object) -> None:
    found = plugins.values() if isinstance(plugins, dict) else ()
    if not any(isinstance(plugin, KbPlugin) for plugin in found):
        raise KbError(f"{CONFIG_FILE} 的 plugins 里没有 kb；加上一行“- kb”")


class _Running(logging.Handler):
    """Tells whoever runs a preview what MkDocs logs, as far as it matters, in Chinese."""

    _SAID = (
        (re.compile(r"Serving on (\S+)"), r"预览地址：\1  （按 Ctrl-C 结束）"),
        (re.compile(r"Detected file changes"), "有改动，重新生成……"),
        (re.compile(r"Saved while building: (.+)"), r"正在生成；\1 的改动，接着就做。"),
        (re.compile(r"Documentation built in ([\d.]+) seconds"), r"网站已生成，用了 \1 秒。"),
    )

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if record.levelno >= logging.WARNING:
            self._say(message)
            return
        for pattern, said in self._SAID:
            found = pattern.search(message)
            if found:
                self._say(found.expand(said))


class _Messages(logging.Handler):
    """Collects what MkDocs and its plugins log, instead of printing it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warnings: list[str] = []
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if record.levelno >= logging.ERROR:
            self.errors.append(message)
        elif not record.name.endswith(".kb"):  # ours are in the request already
            self.warnings.append(message)
