"""`kb init`: a new, empty base."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import click

import kb_builder
from kb_builder import __version__, loader, storage
from kb_builder.diagnostics import KbError

_STARTER = Path(kb_builder.__file__).parent / "starter"
_PIPELINES = _STARTER / "ci"
_SHARED = ("schema.yml", "roles.yml", "taxonomy", "imports", "templates", "privacy.yml")
"""What a new base has in common with the base in the package's own repository."""

_DOTTED = {"gitignore": ".gitignore"}
"""Files that would act on this repository if they carried their real name here."""

_CI = {
    "github": ".github/workflows/knowledge-base.yml",
    "gitlab": ".gitlab-ci.yml",
    "gitea": ".gitea/workflows/knowledge-base.yml",
}
"""Where each service looks for its pipeline."""

_REQUIREMENTS = "kb-requirements.txt"
"""What pipelines install; beside the base, so that a new version is a change that is reviewed."""

_HARMLESS = {".git"}
"""What a folder may hold and still count as empty."""


@click.command(
    short_help="新建一个空的知识库，或给知识库加上流水线。",
    epilog="例：kb init 投诉知识库    git init . && kb init .    kb init --ci gitlab .",
)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--ci",
    type=click.Choice(sorted(_CI)),
    help="同时写好流水线：合并请求时检查，合并以后发布。DIR 已经是知识库，就只加流水线。",
)
def command(folder: Path, ci: str | None) -> None:
    """在 DIR 新建一个空的知识库，马上就能生成网站。

    DIR 应当还不存在，或者是空的（有 .git 不要紧）。中途失败或中断，不会留下半个知识库。
    """
    try:
        if ci is not None and _is_base(folder):
            _add_pipeline(folder, ci)
            return
        _refuse_full(folder)
        if folder.exists():
            _fill(folder)
        else:
            _make(folder)
    except OSError as error:
        raise KbError(f"建不了 {folder}：{error.strerror}") from error
    click.echo(f"建好了一个空的知识库：{folder}\n\n接下来：")
    if folder.resolve() != Path.cwd():
        click.echo(f"  cd {folder}")
    click.echo("  kb new case    写第一篇案例")
    click.echo("  kb serve       在浏览器里预览")
    click.echo("  kb build       生成网站")
    click.echo(f"字段、词表和岗位在 {loader.CONFIG}/ 里，按自己单位的情况改。")
    if ci is not None:
        _add_pipeline(folder, ci)


def _is_base(folder: Path) -> bool:
    return (folder / loader.CONTENT).is_dir() and (folder / loader.CONFIG).is_dir()


def _add_pipeline(folder: Path, ci: str) -> None:
    """Write what a service runs, and what that installs; nothing that is there is touched."""
    pipeline = folder / _CI[ci]
    if pipeline.exists() or pipeline.is_symlink():
        raise KbError(f"{pipeline} 已经有了；先移走它，再写新的")
    requirements = folder / _REQUIREMENTS
    if not (requirements.exists() or requirements.is_symlink()):
        storage.write(requirements, _requirements().encode())
    storage.write(pipeline, (_PIPELINES / f"{ci}.yml").read_bytes())
    click.echo(f"\n写好了流水线 {pipeline}：合并请求时检查，合并以后发布。")
    # Who has put a link or a FIFO there knows what he installs.
    text = requirements.read_text(encoding="utf-8") if requirements.is_file() else ""
    lines = text.splitlines()
    if not any(line and not line.startswith("#") for line in lines):
        click.echo(f"还要在 {requirements} 里写明从哪里安装 kb，流水线才跑得起来。")


def _requirements() -> str:
    """The file that installs the program that runs now, as far as another machine can get it.

    The name alone would not do where the program didn't come from an index: anyone may have taken the name there.
    """
    try:
        origin = metadata.distribution("kb-builder").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        # Run from a checkout without being installed.
        origin = json.dumps({"url": Path(kb_builder.__file__).parent.as_uri()})
    return f"{_ABOUT_REQUIREMENTS}{requirement(origin)}\n"


def requirement(direct_url: str | None) -> str:
    """The line for pip, from what pip noted on where the program came from (PEP 610).

    >>> requirement('{"url": "https://example.org/kb.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}')
    'kb-builder @ git+https://example.org/kb.git@abc'
    """
    if direct_url is None:
        return f"kb-builder=={__version__}"
    origin = json.loads(direct_url)
    if "vcs_info" in origin:
        source = origin["vcs_info"]
        return f"kb-builder @ {source['vcs']}+{origin['url']}@{source['commit_id']}"
    if origin["url"].startswith("file:"):
        # A folder of this machine is none of the one that runs the pipeline.
        return "# kb-builder @ git+https://代码仓库的地址@提交的编号"
    return f"kb-builder @ {origin['url']}"


_ABOUT_REQUIREMENTS = """\
# 流水线用 pip install -r 安装这里写的 kb。固定到一个版本或一次提交，要换新版本就改这里，像改内容一样经过审核。
"""


def _refuse_full(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise KbError(f"{folder} 已经有了，而且不是文件夹；换一个名字")
    if not folder.parent.is_dir():
        raise KbError(f"没有文件夹 {folder.parent}；先建好它")
    if folder.is_dir():
        found = sorted(entry.name for entry in folder.iterdir() if entry.name not in _HARMLESS)
        if found:
            raise KbError(f"{folder} 不是空的（里面有 {found[0]}）；换一个名字，或先移走里面的东西")


def _make(folder: Path) -> None:
    """Make the base beside and give it its name when it is whole."""
    temporary = Path(tempfile.mkdtemp(prefix=".kb-init-", dir=folder.parent))
    try:
        _write(temporary / "base")
        (temporary / "base").rename(folder)
    finally:
        shutil.rmtree(temporary)


def _fill(folder: Path) -> None:
    """Make the base inside, so that a shell standing in the folder stays in it, and move it up."""
    temporary = Path(tempfile.mkdtemp(prefix=".kb-init-", dir=folder))
    try:
        _write(temporary / "base")
        names = [entry.name for entry in (temporary / "base").iterdir()]
        try:
            for name in names:
                (temporary / "base" / name).rename(folder / name)
        except BaseException:
            # Nothing of these names was here before.
            for name in names:
                _remove(folder / name)
            raise
    finally:
        shutil.rmtree(temporary)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write(base: Path) -> None:
    for name, source in _sources():
        target = base / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    for kind in loader.load_settings(base).schema.kinds.values():
        folder = base / loader.CONTENT / kind.top_folder
        folder.mkdir()
        (folder / ".gitkeep").touch()


def _sources() -> Iterator[tuple[str, Path]]:
    """Every file of a new base: its path in the base, and where it is copied from."""
    yield from (pair for pair in _tree(_STARTER, "") if _PIPELINES not in pair[1].parents)
    if not (_STARTER / loader.CONFIG / "schema.yml").is_file():
        # Building the package puts the shared files into it; in a checkout they are at the top.
        for name in _SHARED:
            shared = _STARTER.parent.parent / loader.CONFIG / name
            yield from _tree(shared, f"{loader.CONFIG}/{name}")


def _tree(path: Path, name: str) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield _DOTTED.get(name, name), path
    for entry in sorted(path.iterdir()) if path.is_dir() else ():
        yield from _tree(entry, f"{name}/{entry.name}".lstrip("/"))
