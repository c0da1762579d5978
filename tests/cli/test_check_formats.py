"""`kb check --format`: what CI systems read."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from kb_builder.cli import main

BROKEN = "cases/lessons/LS-900.md"


def _check(base: Path, form: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--root", str(base), "check", "--format", form])
    return result.exit_code, result.stdout


@pytest.fixture
def broken(root: Path) -> Path:
    (root / BROKEN).write_text("---\nid: LS-900\ntitle: 太\n---\n", encoding="utf-8")
    return root


def test_gitlab(broken: Path) -> None:
    code, output = _check(broken, "gitlab")
    assert code == 1
    assert {each["location"]["path"] for each in json.loads(output)} == {f"{broken}/{BROKEN}"}


def test_sarif_names_rules_that_exist(broken: Path) -> None:
    code, output = _check(broken, "sarif")
    assert code == 1
    (run,) = json.loads(output)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_junit_has_every_file(broken: Path) -> None:
    code, output = _check(broken, "junit")
    assert code == 1
    cases = {case.get("name"): case for case in ElementTree.fromstring(output).iter("testcase")}
    assert len(cases) > 1
    assert [name for name, case in cases.items() if case.find("failure") is not None] == [
        f"{broken}/{BROKEN}"
    ]


def test_github_writes_the_rest_into_the_summary(
    broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    code, output = _check(broken, "github")
    assert code == 1
    assert output.startswith("::error file=")
    assert "| 错误 |" in summary.read_text(encoding="utf-8")
