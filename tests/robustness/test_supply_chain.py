"""T19: what builds for a stranger's change holds no secret; requirements have hashes (see test_dependencies)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from places import REPOSITORY

PIPELINES = REPOSITORY / "kb_builder" / "starter" / "ci"
ZIZMOR = Path(sys.executable).with_name("zizmor")

# What a workflow must not do: run a stranger's code with the rights of the base, and print a stranger's words.
CARELESS = """
on: pull_request_target
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {ref: "${{ github.event.pull_request.head.sha }}"}
      - run: echo "${{ github.event.pull_request.title }}" && kb build
        env: {TOKEN: "${{ secrets.TOKEN }}"}
"""


def parsed(text: str) -> dict[str, Any]:
    # `on` is true to YAML 1.1; the services read it as text.
    found: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return found


def faults(text: str) -> list[str]:
    """What is wrong with a workflow that pull requests set off."""
    flow, found = parsed(text), []
    events = flow.get("on", {})
    if "pull_request_target" in events or "workflow_run" in events:
        found.append("runs a stranger's change with the rights of the base")
    for name, job in flow.get("jobs", {}).items():
        if "pull_request" not in job.get("if", "") and "secrets." in json.dumps(job):
            found.append(f"{name}: uses a secret")
        for step in job.get("steps", ()):
            if "github.event" in step.get("run", ""):
                found.append(f"{name}: puts a stranger's words into a command")
    return found


@pytest.mark.parametrize("service", ["github", "gitea"])
def test_the_ready_workflows_hold_no_secret_where_strangers_write(service: str) -> None:
    assert faults((PIPELINES / f"{service}.yml").read_text("utf-8")) == []


def test_a_careless_workflow_is_seen() -> None:
    assert len(faults(CARELESS)) == 3


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    shutil.copy(PIPELINES / "github.yml", tmp_path / "kb.yml")
    assert audited(tmp_path / "kb.yml") == []
    (tmp_path / "careless.yml").write_text(CARELESS, "utf-8")
    assert len(audited(tmp_path / "careless.yml")) >= 3


def audited(path: Path) -> list[str]:
    """What zizmor says of a workflow, without asking the network."""
    command = [ZIZMOR, "--offline", "--no-config", "--no-exit-codes", "--format", "json-v1", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [each["ident"] for each in json.loads(done.stdout)]
