"""`kb schema`: for programs, and for Visual Studio Code."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from kb_builder.cli import main


def _run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "schema", *arguments])


def test_one_kind_by_name_or_label(root: Path) -> None:
    by_name, by_label = _run(root, "case"), _run(root, "案例")
    assert by_name.exit_code == 0
    assert json.loads(by_name.stdout)["title"] == "案例"
    assert by_label.stdout == by_name.stdout


def test_all_kinds(root: Path) -> None:
    assert list(json.loads(_run(root).stdout)) == ["case", "playbook", "lesson"]


def test_an_unknown_kind_is_named_with_those_there_are(root: Path) -> None:
    result = _run(root, "cases")
    assert result.exit_code == 2
    assert "case（案例）、playbook（预案）、lesson（教训）" in result.stderr


def test_the_settings_of_an_editor_are_not_overwritten(root: Path) -> None:
    assert _run(root, "--vscode").exit_code == 0
    folder = root / ".vscode"
    assert sorted(path.name for path in folder.iterdir()) == [
        "kb-case.schema.json",
        "kb-lesson.schema.json",
        "kb-playbook.schema.json",
        "kb.code-snippets",
        "settings.json",
    ]
    (folder / "settings.json").write_text("{}", encoding="utf-8")
    (folder / "kb.code-snippets").write_text("{}", encoding="utf-8")
    again = _run(root, "--vscode")
    assert (folder / "settings.json").read_text(encoding="utf-8") == "{}"
    assert "没有动它" in again.stdout
    assert len(json.loads((folder / "kb.code-snippets").read_text(encoding="utf-8"))) > 50
