"""`checks.yml`: how much each rule weighs in a base, and from where on it speaks."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from places import REPOSITORY

from kb_builder import loader, rules
from kb_builder.cli import main
from kb_builder.diagnostics import KbError, Level
from kb_builder.loader import Base
from kb_builder.model.checks import QUOTE_LENGTH, Checks, review_due
from kb_builder.model.settings import Settings

CASE = "cases/resolved/2024/CASE-2024-0001.md"
TODAY = datetime.date(2024, 6, 30)


def configure(root: Path, text: str) -> Settings:
    (root / "site_config" / "checks.yml").write_text(text, encoding="utf-8")
    return loader.load_settings(root)


def test_without_a_file_every_rule_weighs_what_it_weighs(root: Path) -> None:
    (root / "site_config" / "checks.yml").unlink()
    settings = loader.load_settings(root)
    assert settings.checks == Checks()
    assert settings.checks.quote_length == QUOTE_LENGTH == 120
    assert rules.levels(settings) == {each.id: each.level for each in rules.all_rules()}


def test_the_file_of_this_repository_changes_no_level(settings: Settings) -> None:
    assert settings.checks.levels == ()
    assert set(settings.checks.review_months) == set(settings.schema.kinds)
    assert set(settings.checks.reply_hours) == set(settings.vocabularies["severity"].values)


def test_a_new_base_has_the_same_file() -> None:
    starter = REPOSITORY / "kb_builder/starter/site_config/checks.yml"
    assert starter.read_bytes() == (REPOSITORY / "site_config/checks.yml").read_bytes()


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("KB412: warning", Level.WARNING),
        ("dates-out-of-order: 提示", Level.HINT),
        ("kb412: off", None),
        ("KB412: 关闭", None),
        ("KB412: error", Level.ERROR),
    ],
)
def test_a_rule_weighs_what_the_base_says(root: Path, text: str, level: Level | None) -> None:
    path = root / CASE
    path.write_text(
        path.read_text("utf-8").replace("closed_on: 2024-03-18", "closed_on: 2024-03-01"), "utf-8"
    )
    settings = configure(root, f"levels: {{{text}}}")
    found = rules.check(loader.load_corpus(root, settings.schema), settings, TODAY)
    assert [each.level for each in found if each.rule == "KB412"] == (
        [] if level is None else [level]
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("levels: {KB999: error}", "site_config/checks.yml:1:1: 没有“KB999”这条规则"),
        ("levels:\n  dates-out-of-orders: off", "checks.yml:2:1: 没有“dates-out-of-orders”这条规则；是不是 dates-out-of-order？"),
        ("levels:\n  KB412: loud", "checks.yml:2:10: 没有“loud”这个级别；可以写：error（错误）"),
        ("levels: {KB001: warning}", "checks.yml:1:1: KB001 是读取文件的错误，不能放宽"),
        ("levels: {KB305: off}", "KB305 是编号、引用和链接的错误，不能放宽"),
        ("levels: [KB412]", "checks.yml:1:9: 这里应当是“名字: 值”"),
        ("review_months: {story: 3}", "checks.yml:1:17: 不认识“story”；可以写：case、playbook、lesson"),
        ("review_months: {case: 半年}", "checks.yml:1:23: 这里应当是整数，不是“半年”"),
        ("review_months: {case: 0}", "checks.yml:1:23: 这里应当是大于 0 的整数"),
        ("reply_hours: {很重: 3}", "不认识“很重”；可以写：near_miss、"),
        ("quote: 3", "checks.yml:1:1: 不认识“quote”"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_said_with_its_place(root: Path, text: str, message: str) -> None:
    with pytest.raises(KbError) as raised:
        rules.levels(configure(root, text))
    assert message in str(raised.value)


def test_only_what_can_do_without_may_be_made_less(root: Path) -> None:
    """A base that lowers every rule it may must still be one that can be built."""
    for each in rules.all_rules():
        if each.level is not Level.ERROR:
            continue
        settings = configure(root, f"levels: {{{each.id}: hint}}")
        if each.id.startswith(("KB4", "KB6")):
            assert rules.levels(settings)[each.id] is Level.HINT
        else:
            with pytest.raises(KbError, match="不能放宽"):
                rules.levels(settings)


def test_a_warning_of_any_group_may_be_made_more_or_less(root: Path) -> None:
    settings = configure(root, "levels: {KB308: off, KB415: error}")
    assert rules.levels(settings)["KB308"] is None
    assert rules.levels(settings)["KB415"] is Level.ERROR


def test_a_check_of_broken_levels_could_not_look(root: Path) -> None:
    configure(root, "levels: {KB999: error}")
    result = CliRunner().invoke(main, ["--root", str(root), "check"])
    assert result.exit_code == 2
    assert result.stderr.startswith("错误：site_config/checks.yml:1:1: ")


def test_explain_shows_the_level_in_force(root: Path, tmp_path: Path) -> None:
    configure(root, "levels: {KB412: off, KB415: 错误}")

    def first_line(folder: Path, rule: str) -> str:
        command = ["--root", str(folder), "explain", rule]
        return CliRunner().invoke(main, command).stdout.partition("\n")[0]

    assert (
        first_line(root, "KB412") == "KB412 dates-out-of-order（在这个知识库里：关闭；通常：错误）"
    )
    assert first_line(root, "KB415") == "KB415 future-date（在这个知识库里：错误；通常：警告）"
    assert first_line(root, "KB411") == "KB411 case-without-lesson（错误）"
    assert first_line(tmp_path, "KB412") == "KB412 dates-out-of-order（错误）"


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ("last_reviewed: 2024-01-31\nreview_in: 1", datetime.date(2024, 2, 29)),
        ("last_reviewed: 2023-12-31\nreview_in: 12", datetime.date(2024, 12, 31)),
        ("last_reviewed: 2023-02\nreview_in: 1", datetime.date(2023, 3, 28)),
        ("last_reviewed: 2023-05-05", datetime.date(2024, 5, 5)),
        ("last_reviewed: unknown\nreview_in: 1", None),
        ("review_in: 1", None),
        ("last_reviewed: 9999-05-05", None),
    ],
)
def test_a_page_is_due_for_review(base: Base, fields: str, due: datetime.date | None) -> None:
    path = base.root / CASE
    text = path.read_text("utf-8")
    text = text.replace("last_reviewed: 2024-06-01\n", "").replace("review_in: 120", fields)
    path.write_text(text, encoding="utf-8")
    document = loader.load(base.root).corpus.by_id["CASE-2024-0001"]
    assert review_due(document, Checks(review_months={"case": 12})) == due
    if "review_in" not in fields:
        assert review_due(document, Checks()) is None
