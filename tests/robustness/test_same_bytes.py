"""T16: the same base gives the same site, whoever builds it, wherever, whenever and in whatever order."""

from __future__ import annotations

import marshal
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bases import case, make_base
from documents import lesson
from stages import tree
from tiers import chance, times

FILES = dict(
    [
        case(1, "客户来电，说货没有到。", lessons="[LS-001]", severity="较重"),
        case(2, "客户投诉座椅套发错颜色。", severity="轻微", occurred_on="2023-01"),
        case(3, "客戶說發票開錯了，要求退款。"),
        lesson(1, "## 由来\n\n漏了单。\n\n## 道理\n\n先听完。\n\n## 做法\n\n听。\n"),
    ]
)
CODE = """
import os, sys
os.umask(int(sys.argv.pop(1), 8))
from kb_builder.cli import main
main()
"""
EPOCH = 1_795_262_400
"""Noon of 2026-11-21 in UTC: another day in some time zones."""


def build(folder: Path, *, cold: bool, order: int, mask: str, **environment: str) -> Path:
    """Build the base in `folder`, made there if need be, in a process of its own."""
    base, output = folder / "base", folder / "site"
    if not base.exists():
        # The order in which a folder lists its files follows from the order in which they came.
        names = sorted(FILES)
        chance(f"order {order}").shuffle(names)
        make_base(base, {name: FILES[name] for name in names})
    if cold:
        shutil.rmtree(base / ".kb", ignore_errors=True)
    shutil.rmtree(output, ignore_errors=True)
    given = os.environ | {"TMPDIR": str(folder), "SOURCE_DATE_EPOCH": str(EPOCH)} | environment
    command = [sys.executable, "-c", CODE, mask, "--root", base, "build", "--output", output]
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return output


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site built in the usual way."""
    return tree(build(tmp_path_factory.mktemp("plain"), cold=True, order=0, mask="022"))


ELSEWHERE = {
    "seed, zone, locale, mask, order": {
        "PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "mask": "077", "order": 5,
    },
    "another seed, zone, locale": {
        "PYTHONHASHSEED": "1", "TZ": "America/Adak", "LC_ALL": "tr_TR.UTF-8", "mask": "000", "order": 9,
        "COLUMNS": "40", "NO_COLOR": "1",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_elsewhere_it_is_the_same(plain: dict[str, bytes], tmp_path: Path, name: str) -> None:
    given = ELSEWHERE[name]
    folder = tmp_path / "另一个 地方" / ("深" * 30)
    folder.mkdir(parents=True)
    assert tree(build(folder, cold=True, **given)) == plain  # type: ignore[arg-type]


def test_warm_it_is_the_same(plain: dict[str, bytes], tmp_path: Path) -> None:
    for round_ in range(times(2, 12)):
        output = build(tmp_path, cold=False, order=round_, mask="022", PYTHONHASHSEED=str(round_))
        assert tree(output) == plain


def test_another_base_is_not_the_same(plain: dict[str, bytes], tmp_path: Path) -> None:
    """The control: the comparison sees one character, and another day."""
    make_base(tmp_path / "base", FILES | dict([case(2, "客户投诉座椅套发错颜色！")]))
    assert tree(build(tmp_path, cold=True, order=0, mask="022")) != plain
    make_base(tmp_path / "base", FILES)
    assert tree(build(tmp_path, cold=True, order=0, mask="022")) == plain
    later = {"SOURCE_DATE_EPOCH": str(EPOCH + 86_400)}
    assert tree(build(tmp_path, cold=True, order=0, mask="022", **later)) != plain


def test_a_poisoned_cache_of_jieba_is_not_read(plain: dict[str, bytes], tmp_path: Path) -> None:
    """jieba itself believes whatever lies under its fixed name in the folder for temporary files."""
    poison = marshal.dumps(({"客": 9, "户": 9}, 18))
    (tmp_path / "jieba.cache").write_bytes(poison)
    assert tree(build(tmp_path, cold=True, order=0, mask="022")) == plain
    assert (tmp_path / "jieba.cache").read_bytes() == poison
    # The control: jieba by itself, which believes a cache that is newer than its dictionary.
    code = "import jieba; print('/'.join(jieba.cut('客户', HMM=False)))"
    given = os.environ | {"TMPDIR": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "客/户"


def test_what_is_in_the_environment_is_in_no_page(tmp_path: Path) -> None:
    """T19: a build beside secrets publishes none of them, and keeps none."""
    canary = "CanaryValue93471"
    names = (
        "GITHUB_TOKEN",
        "CI_JOB_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "KB_TOKEN",
        "EDITOR",
        "HOSTALIASES",
    )
    build(tmp_path, cold=True, order=0, mask="022", **dict.fromkeys(names, canary))
    assert not holding(tmp_path, canary)
    # The control: whoever may write mkdocs.yml may read the environment, so no secrets beside it.
    settings = tmp_path / "base" / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace("测试库", "!ENV KB_TOKEN"), "utf-8")
    build(tmp_path, cold=True, order=0, mask="022", **dict.fromkeys(names, canary))
    assert holding(tmp_path, canary)


def holding(folder: Path, text: str) -> list[Path]:
    """The files that hold a text."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if text.encode() in path.read_bytes()]
