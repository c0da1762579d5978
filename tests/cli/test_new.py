"""`kb new`: the next id, a template that passes the check, questions or options."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb_builder import loader
from kb_builder.cli import main, new
from kb_builder.model.schema import Needed

CASE = ["--title", "屏幕碎了没人管", "--occurred-on", "2019-03", "--channel", "电话"]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "库")]).exit_code == 0
    return tmp_path / "库"


def run(base: Path, *arguments: str, answers: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--root", str(base), "new", *arguments], input=answers)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def only(base: Path) -> loader.Document:
    (document,) = loader.load(base).corpus.documents
    return document


def test_options_for_scripts(base: Path) -> None:
    code, output = run(base, "case", *CASE, "--channel", "微博、走访", "--set", "owner=店长")
    assert code == 0
    document = only(base)
    assert document.path == "cases/resolved/2019/CASE-2019-0001.md"
    assert str(base / document.path) in output
    assert document.faults == ()
    assert document.texts("channel") == ("phone", "social_media", "visit")
    assert document.text("owner") == "store_manager"
    assert document.status == "draft"


@pytest.mark.parametrize("kind", ["case", "playbook", "lesson"])
def test_the_template_passes_the_check_and_reminds_of_the_rest(base: Path, kind: str) -> None:
    given = {
        "case": CASE,
        "playbook": ["--title", "换货交接", "--phase", "response", "--owner", "店长"],
        "lesson": ["--title", "先道歉再解释", "--lesson-kind", "理念", "--owner", "店长"],
    }[kind]
    assert run(base, kind, *given)[0] == 0
    assert CliRunner().invoke(main, ["--root", str(base), "check"]).exit_code == 0
    document = only(base)
    assert document.kind is not None
    text = "\n".join(document.lines)
    for spec in document.kind.fields.values():
        if spec.needed is Needed.PUBLISH:
            assert f"\n# {spec.label}：" in text
            assert f"\n# {spec.name}:" in text
    assert "<!--" not in text
    assert [section.title for section in document.sections] == list(document.kind.sections)
    # A hint for each section, and none of them counts as content.
    assert all(section.text.startswith("（待写：") for section in document.sections)
    assert all(section.empty for section in document.sections)


def test_publishing_an_untouched_template_is_refused(base: Path) -> None:
    run(base, "lesson", "--title", "先道歉再解释", "--lesson-kind", "理念", "--owner", "店长")
    path = base / only(base).path
    path.write_text(path.read_text(encoding="utf-8").replace("草稿", "已发布"), encoding="utf-8")
    result = CliRunner().invoke(main, ["--root", str(base), "check"])
    assert result.exit_code == 1
    assert "小节“由来”没有内容" in result.output


def test_without_a_template_of_the_owner_the_sections_are_empty(base: Path) -> None:
    (base / "site_config/templates/case.md").unlink()
    run(base, "case", *CASE)
    assert {section.text for section in only(base).sections} == {""}


def test_ids_continue_and_are_never_reused(base: Path) -> None:
    folder = base / "cases/resolved/2019"
    folder.mkdir()
    (folder / "CASE-2019-0005.md").write_bytes(b"\xff unreadable")
    for expected in ("0006", "0007"):
        assert f"CASE-2019-{expected}.md" in run(base, "case", *CASE)[1]
    unknown = ["--title", "屏幕碎了没人管", "--occurred-on", "不详", "--channel", "电话"]
    assert "CASE-0000-0001.md" in run(base, "case", *unknown)[1]


def test_a_number_taken_meanwhile_is_left_alone(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = new.files.create
    rivals = []

    def beaten(path: Path, data: bytes) -> None:
        if len(rivals) < 2:
            rivals.append(path)
            create(path, b"rival")
        create(path, data)

    monkeypatch.setattr(new.files, "create", beaten)
    assert "CASE-2019-0003.md" in run(base, "case", *CASE)[1]
    assert [path.read_bytes() for path in rivals] == [b"rival", b"rival"]


def test_many_at_once_get_a_number_each(base: Path) -> None:
    """Four programs at the same time."""
    codes = []

    def one() -> None:
        command = [sys.executable, "-m", "kb_builder", "--root", str(base), "new", "case", *CASE]
        codes.append(
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode
        )

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0] * 4
    documents = loader.load(base).corpus.documents
    assert [document.id for document in documents] == [f"CASE-2019-{n:04d}" for n in range(1, 5)]
    assert all(document.readable for document in documents)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["case"], "缺少 --title（标题）、--occurred-on（发生时间）、--channel（投诉渠道）"),
        (["case", "--title", "屏幕碎了没人管"], "缺少 --occurred-on（发生时间）、--channel"),
        (["tale"], "没有“tale”这一类；可以新建：case、playbook、lesson"),
        (["case", *CASE[:-1], "电花"], "投诉渠道“电花”不在词表中；改为“"),
        (["case", *CASE, "--title", ""], "“标题”是空的"),
        (["case", *CASE, "--title", "碎"], "“标题”只有 1 个字，至少要 4"),
        (["case", *CASE, "--occurred-on", "昨天"], "“发生时间”不是日期：“昨天”"),
        (["case", *CASE, "--set", "owner"], "--set 后面要写“字段=值”"),
        (["case", *CASE, "--set", "ower=店长"], "案例没有“ower”这个字段；是不是“owner”"),
        (["case", *CASE, "--set", "owner=张伟"], "“责任岗位”要写岗位"),
        (["case", *CASE, "--set", "owner=店长", "--set", "owner=法务"], "“责任岗位”只能有一个值"),
        (["case", *CASE, "--set", "status=已发布"], "“状态”由 kb new 填写"),
        (["case", *CASE, "--set", "timeline=x"], "“时间线”是一组字段"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(
    base: Path, arguments: list[str], message: str
) -> None:
    code, output = run(base, *arguments)
    assert (code, message in output) == (2, True), output
    assert loader.load(base).corpus.documents == ()


def test_outside_a_base(tmp_path: Path) -> None:
    code, output = run(tmp_path, "case", *CASE)
    assert (code, "这里不是知识库" in output) == (2, True)
    code, output = run(tmp_path, "--help")
    assert (code, "新建案例" in output) == (0, True)


def test_help_explains_the_fields_of_this_base(base: Path) -> None:
    schema = base / "site_config/schema.yml"
    text = schema.read_text(encoding="utf-8")
    schema.write_text(text.replace("label: 发生时间", "label: 出事那天"), encoding="utf-8")
    code, output = run(base, "case", "--help")
    assert (code, "出事那天：可以只写到年或月" in output) == (0, True)


def test_control_characters_do_not_get_in(base: Path) -> None:
    run(base, "case", *CASE, "--title", "屏幕\x1b[31m碎\u200b了\n没人管")
    assert only(base).title == "屏幕[31m碎了 没人管"


def test_questions_are_asked_until_the_answer_can_be_used(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new, "_interactive", lambda: True)
    answers = ["碎", "屏幕碎了没人管", "前天", "2019-03-05", "电花", "3、微博，email", ""]
    code, output = run(base, "case", answers="\n".join(answers))
    assert code == 0
    assert "投诉渠道：第一个是投诉进来的渠道（可以写几个，用顿号隔开）" in output
    assert "   3 投诉电话  客户打普通客服电话或门店电话。" in output
    assert output.count("“发生时间”不是日期") == 1
    document = only(base)
    assert document.title == "屏幕碎了没人管"
    assert document.texts("channel") == ("phone", "social_media", "email")


def test_only_what_is_missing_is_asked(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new, "_interactive", lambda: True)
    code, output = run(base, "case", *CASE[:4], answers="电话\n")
    assert (code, "标题：" in output) == (0, False)


def test_giving_up_writes_nothing(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new, "_interactive", lambda: True)
    assert run(base, "case", answers="屏幕碎了没人管\n")[0] == 1
    assert loader.load(base).corpus.documents == ()


def test_at_a_real_terminal_it_asks(base: Path) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "kb_builder", "--root", str(base), "new", "case", *CASE[:4]]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    os.write(master, "投诉电话\n".encode())
    seen = b""
    try:
        while chunk := os.read(master, 1024):
            seen += chunk
    except OSError:
        # How the end of a terminal shows on Linux.
        os.close(master)
    assert process.wait(timeout=60) == 0
    assert "1 柜台面诉" in seen.decode()
    assert only(base).texts("channel") == ("phone",)
