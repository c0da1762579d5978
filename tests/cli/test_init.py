"""`kb init`: a whole new base, or nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb_builder import loader
from kb_builder.cli import init, main

REPOSITORY = Path(__file__).parent.parent.parent


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_a_new_base_loads_and_holds_nothing(tmp_path: Path) -> None:
    code, output = run("init", tmp_path / "库")
    assert code == 0
    assert f"cd {tmp_path / '库'}" in output
    base = loader.load(tmp_path / "库")
    assert base.corpus.documents == ()
    assert base.settings.statistics == {}
    assert base.settings.glossary == ()
    assert base.settings.synonyms == ()
    for folder in ("resolved", "playbooks", "lessons"):
        assert [path.name for path in (base.root / "cases" / folder).iterdir()] == [".gitkeep"]
    assert (base.root / ".gitignore").read_text(encoding="utf-8").split() == ["/.kb/", "/site/"]
    assert (base.root / "mkdocs.yml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["库"]


def test_its_settings_are_those_of_the_repository(tmp_path: Path) -> None:
    run("init", tmp_path / "库")
    for path in (REPOSITORY / "site_config").rglob("*"):
        name = path.relative_to(REPOSITORY / "site_config")
        if path.is_file() and (name.parts[0] in init._SHARED):
            assert (tmp_path / "库" / "site_config" / name).read_bytes() == path.read_bytes()


def test_its_commented_examples_are_right(tmp_path: Path) -> None:
    run("init", tmp_path / "库")
    for path in (tmp_path / "库" / "site_config").glob("*.yml"):
        _, marked, example = path.read_text(encoding="utf-8").partition("写法：\n#\n")
        if marked:
            lines = [line.removeprefix("# ") for line in example.split("\n")]
            path.write_text("\n".join(lines), encoding="utf-8")
    settings = loader.load_settings(tmp_path / "库")
    assert settings.statistics["complaint_rate"].unit == "%"
    assert settings.counterpoints[0].sides[1].source == "乙资料"
    assert settings.glossary[0].term == "首问负责"


def test_it_passes_the_check_and_takes_a_first_draft(tmp_path: Path) -> None:
    run("init", tmp_path / "库")
    assert run("--root", tmp_path / "库", "check")[0] == 0
    lesson = ["--title", "先道歉再解释", "--lesson-kind", "理念", "--owner", "客服主管"]
    assert run("--root", tmp_path / "库", "new", "lesson", *lesson)[0] == 0
    assert run("--root", tmp_path / "库", "check")[0] == 0


def test_it_builds_at_once(tmp_path: Path) -> None:
    run("init", tmp_path / "库")
    code, output = run("--root", tmp_path / "库", "build")
    assert code == 0, output
    home = (tmp_path / "库" / "site" / "index.html").read_text(encoding="utf-8")
    assert "把处理过的投诉写下来" in home


def test_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    code, output = run("init", ".")
    assert code == 0
    assert "cd " not in output
    assert loader.load(tmp_path).corpus.documents == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".git", ".gitignore", "cases", "mkdocs.yml", "site_config",
    ]  # fmt: skip


def test_what_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "满").mkdir()
    (tmp_path / "满" / "记录.txt").write_text("x", encoding="utf-8")
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    (tmp_path / "链接").symlink_to(tmp_path / "别处")
    for name, message in [
        ("满", "不是空的（里面有 记录.txt）"),
        ("文件", "不是文件夹"),
        ("链接", "不是文件夹"),
        ("没有/库", "没有文件夹"),
    ]:
        code, output = run("init", tmp_path / name)
        assert (code, message in output) == (2, True), output
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["文件", "满", "记录.txt", "链接"]


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize("after", [0, 1, 7])
def test_an_interruption_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existing: bool, after: int
) -> None:
    target = tmp_path / "库"
    if existing:
        target.mkdir()
    copy = shutil.copyfile
    calls: list[object] = []

    def interrupted(source: Path, copied: Path) -> None:
        calls.append(copied)
        if len(calls) > after:
            raise KeyboardInterrupt
        copy(source, copied)

    monkeypatch.setattr(init.shutil, "copyfile", interrupted)
    assert run("init", target)[0] == 1
    assert list(tmp_path.rglob("*")) == ([target] if existing else [])


def test_an_interruption_while_moving_into_an_empty_folder_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename
    moved: list[Path] = []

    def interrupted(self: Path, target: Path) -> Path:
        if len(moved) == 2:
            raise OSError(28, "No space left on device")
        moved.append(target)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    code, output = run("init", tmp_path)
    assert (code, "No space left" in output) == (2, True)
    assert list(tmp_path.iterdir()) == []
