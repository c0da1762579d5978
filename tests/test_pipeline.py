"""From a base to its index and its site, as `kb index` and `kb build` do it."""

from __future__ import annotations

import datetime
import gzip
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from kb_builder import loader, pipeline, site, storage
from kb_builder.diagnostics import BusyError, KbError
from kb_builder.index import Update

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def whole(root: Path) -> Path:
    """The small base with the `mkdocs.yml` that a build needs."""
    settings = "site_name: 小知识库\ndocs_dir: cases\ntheme: {name: material}\nplugins: [kb]\n"
    (root / "mkdocs.yml").write_text(settings, encoding="utf-8")
    return root


def _case(root: Path) -> Path:
    return root / "cases" / "resolved" / "2024" / "CASE-2024-0001.md"


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_build_publishes_every_kind(whole: Path, tmp_path: Path) -> None:
    output = tmp_path / "site"
    built = pipeline.build(whole, output, today=TODAY)
    assert not built.stopped
    assert (output / "index.html").is_file()
    for folder in ("c", "p", "l"):
        assert any((output / folder).iterdir())


def test_an_error_stops_the_build_and_leaves_the_old_site(whole: Path, tmp_path: Path) -> None:
    output = tmp_path / "site"
    pipeline.build(whole, output, today=TODAY)
    before = _files(output)
    case = _case(whole)
    case.write_text(
        case.read_text(encoding="utf-8").replace("channel:", "chanel:"), encoding="utf-8"
    )
    built = pipeline.build(whole, output, today=TODAY)
    assert built.stopped
    assert "KB102" in {diagnostic.rule for diagnostic in built.diagnostics}
    assert _files(output) == before


def test_nothing_changed_means_nothing_done(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "site"
    pipeline.build(whole, output, today=TODAY)
    monkeypatch.setattr(site, "build", lambda *_args, **_kw: pytest.fail("built again"))
    assert pipeline.build(whole, output, today=TODAY).unchanged


@pytest.mark.parametrize(
    ("settings", "file", "before", "after"),
    [
        ("INHERIT: more.yml", "more.yml", "copyright: 甲公司", "copyright: 乙公司"),
        ("theme: {name: material, 'custom_dir': more}", "more/partials/footer.html", "<p>甲公司</p>", "<p>乙公司</p>"),
    ],
)  # fmt: skip
def test_what_mkdocs_reads_elsewhere_is_believed_to_have_changed(
    whole: Path, tmp_path: Path, settings: str, file: str, before: str, after: str
) -> None:
    (whole / "mkdocs.yml").write_text(
        f"site_name: 小知识库\ndocs_dir: cases\nplugins: [kb]\n{settings}\n", encoding="utf-8"
    )
    more = whole / file
    more.parent.mkdir(parents=True, exist_ok=True)
    for text in (before, after):
        more.write_text(text, encoding="utf-8")
        pipeline.build(whole, tmp_path / "warm", today=TODAY)
    pipeline.build(whole, tmp_path / "cold", today=TODAY)
    assert _files(tmp_path / "warm") == _files(tmp_path / "cold")
    assert "乙公司".encode() in (tmp_path / "warm" / "index.html").read_bytes()


def test_another_version_of_a_library_builds_anew(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not pipeline.build(whole, tmp_path / "site", today=TODAY).unchanged
    assert pipeline.build(whole, tmp_path / "site", today=TODAY).unchanged
    libraries = [SimpleNamespace(name="nh3", version="99")]
    monkeypatch.setattr(pipeline, "distributions", lambda: libraries)
    pipeline._code.cache_clear()
    try:
        assert not pipeline.build(whole, tmp_path / "site", today=TODAY).unchanged
    finally:
        pipeline._code.cache_clear()


def test_a_change_is_built(whole: Path, tmp_path: Path) -> None:
    output = tmp_path / "site"
    pipeline.build(whole, output, today=TODAY)
    case = _case(whole)
    case.write_text(
        case.read_text(encoding="utf-8") + "\n补记：客户后来又来过。\n", encoding="utf-8"
    )
    assert not pipeline.build(whole, output, today=TODAY).unchanged
    page = output / "c" / case.stem / "index.html"
    assert "客户后来又来过" in page.read_text(encoding="utf-8")


def _append(case: Path, sentence: str) -> None:
    case.write_text(f"{case.read_text(encoding='utf-8')}\n{sentence}\n", encoding="utf-8")


@pytest.fixture
def twice_built(whole: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A site that was built twice, and where the first one is kept to be filled again."""
    output = tmp_path / "site"
    for sentence in ("补记一。", "补记二。"):
        _append(_case(whole), sentence)
        pipeline.build(whole, output, today=TODAY)
    (spare,) = (whole / ".kb" / "sites").glob("*.spare")
    return output, spare


def _anew(whole: Path, folder: Path) -> dict[str, bytes]:
    pipeline.build(whole, folder, today=TODAY)
    return _files(folder)


def test_the_site_before_the_last_is_filled_again(
    whole: Path, tmp_path: Path, twice_built: tuple[Path, Path]
) -> None:
    output, spare = twice_built
    page = spare / "404.html"
    number = page.stat().st_ino
    first, second = _files(spare), _files(output)
    assert first != second
    _append(_case(whole), "补记三。")
    pipeline.build(whole, output, today=TODAY)
    assert (output / "404.html").stat().st_ino == number
    assert _files(spare) == second
    assert _files(output) == _anew(whole, tmp_path / "other")


@pytest.mark.parametrize(
    "damage", ["changed", "removed", "added", "folder", "waits", "all", "record"]
)
def test_a_spare_site_that_somebody_changed_is_not_believed(
    whole: Path, tmp_path: Path, twice_built: tuple[Path, Path], damage: str
) -> None:
    output, spare = twice_built
    (record,) = spare.parent.glob("*.spared")
    match damage:
        case "changed":
            _append(spare / "404.html", "别的")
        case "removed":
            (spare / "404.html").unlink()
        case "added":
            (spare / ".hidden").write_text("别的", encoding="utf-8")
        case "folder":
            storage.remove(spare / "search-index")
            (spare / "search-index").touch()
        case "waits":
            storage.remove(spare / "404.html")
            os.mkfifo(spare / "404.html")
        case "all":
            storage.empty(spare)
        case "record":
            record.write_bytes(record.read_bytes()[:-9])
    _append(_case(whole), "补记三。")
    pipeline.build(whole, output, today=TODAY)
    assert _files(output) == _anew(whole, tmp_path / "other")


def test_a_damaged_site_is_built_again(whole: Path, tmp_path: Path) -> None:
    output = tmp_path / "site"
    pipeline.build(whole, output, today=TODAY)
    (output / "index.html").unlink()
    assert not pipeline.build(whole, output, today=TODAY).unchanged
    assert (output / "index.html").is_file()


def test_a_failure_while_building_leaves_the_old_site(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "site"
    pipeline.build(whole, output, today=TODAY)
    before = _files(output)
    case = _case(whole)
    case.write_text(case.read_text(encoding="utf-8") + "\n又一句。\n", encoding="utf-8")

    def interrupted(_base: object, fresh: Path, **_options: object) -> None:
        (fresh / "index.html").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(site, "build", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pipeline.build(whole, output, today=TODAY)
    assert _files(output) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_with_other_files_is_not_replaced(whole: Path, tmp_path: Path) -> None:
    output = tmp_path / "documents"
    output.mkdir()
    (output / "letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(KbError, match="不是本程序生成的"):
        pipeline.build(whole, output, today=TODAY)
    assert (output / "letter.txt").read_text(encoding="utf-8") == "keep me"


def test_the_index_holds_what_the_site_holds(whole: Path) -> None:
    without = pipeline.index(whole, drafts=False)
    assert without is not None
    case = _case(whole)
    case.write_text(
        case.read_text(encoding="utf-8").replace("status: 已发布", "status: 草稿"), encoding="utf-8"
    )
    assert pipeline.index(whole, drafts=False) == Update(0, 0, 1, without.added - 1)
    with_drafts = pipeline.index(whole, drafts=True)
    assert with_drafts is not None
    assert with_drafts.unchanged == without.added - 1
    documents = len(loader.load(whole).corpus.documents)
    assert with_drafts.added == documents - with_drafts.unchanged
    assert with_drafts.added > 1  # it, and the drafts that the small base has


def test_an_unchanged_base_is_not_indexed_again(whole: Path) -> None:
    assert pipeline.index(whole, drafts=False) is not None
    assert pipeline.index(whole, drafts=False) is None
    case = _case(whole)
    case.write_text(case.read_text(encoding="utf-8") + "\n补记。\n", encoding="utf-8")
    outcome = pipeline.index(whole, drafts=False)
    assert outcome is not None
    assert (outcome.changed, outcome.added, outcome.removed) == (1, 0, 0)


def test_a_damaged_index_is_made_anew_although_nothing_has_changed(whole: Path) -> None:
    pipeline.index(whole, drafts=False)
    (whole / ".kb/index/current.json").write_text("?", encoding="utf-8")
    outcome = pipeline.index(whole, drafts=False)
    assert outcome is not None
    assert outcome.added
    assert pipeline.index(whole, drafts=False) is None


@pytest.mark.parametrize("value", ["5", "null", '["a"]'])
def test_stamps_of_another_kind_count_as_missing(whole: Path, tmp_path: Path, value: str) -> None:
    output = tmp_path / "site"
    stamps = whole / ".kb/stamps.json"
    stamps.parent.mkdir()
    stamps.write_text(f'{{"index": {value}, "build:{output.resolve()}": {value}}}', "utf-8")
    assert not pipeline.build(whole, output, today=TODAY).unchanged
    assert pipeline.build(whole, output, today=TODAY).unchanged


def test_a_link_that_comes_or_goes_counts_as_a_change(whole: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("别处的", encoding="utf-8")
    pipeline.build(whole, tmp_path / "site", today=TODAY)
    (whole / "cases/guide/link.md").parent.mkdir(exist_ok=True)
    (whole / "cases/guide/link.md").symlink_to(outside)
    found = pipeline._contents(whole)
    outside.write_text("别处的改了", encoding="utf-8")
    assert pipeline._contents(whole) == found
    (whole / "cases/guide/link.md").unlink()
    assert pipeline._contents(whole) != found


def test_a_second_build_into_the_same_folder_is_told_to_wait(whole: Path, tmp_path: Path) -> None:
    output = tmp_path / "site"
    with (
        storage.locked(tmp_path / ".site.lock", "busy"),
        pytest.raises(BusyError, match="请等它结束"),
    ):
        pipeline.build(whole, output, today=TODAY)
    assert not output.exists()
    pipeline.build(whole, output, today=TODAY, with_search=False, with_index=False)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_the_disk_made_of_a_site_is_compared_before_it_is_put_in_place(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "site"
    build = site.build

    def on_an_ill_disk(*arguments: object, **options: object) -> object:
        report = build(*arguments, **options)  # type: ignore[arg-type]
        page = Path(str(arguments[1])) / "404.html"
        page.write_bytes(page.read_bytes()[:-1])
        return report

    monkeypatch.setattr(site, "build", on_an_ill_disk)
    with pytest.raises(KbError, match=r"404\.html"):
        pipeline.build(whole, output, today=TODAY, with_search=False, with_index=False)
    assert not output.exists()


def test_an_error_in_a_draft_stops_only_a_build_that_shows_drafts(
    whole: Path, tmp_path: Path
) -> None:
    case = _case(whole)
    text = case.read_text(encoding="utf-8").replace("已发布", "草稿", 1)
    case.write_text(text.replace("channel:", "chanel:", 1), encoding="utf-8")
    options = {"today": TODAY, "with_search": False, "with_index": False}
    assert pipeline.build(whole, tmp_path / "one", drafts=True, **options).stopped  # type: ignore[arg-type]
    built = pipeline.build(whole, tmp_path / "two", **options)  # type: ignore[arg-type]
    stopping = {each.path for each in built.diagnostics if each.level.name == "ERROR"}
    assert case.relative_to(whole).as_posix() in stopping
    assert not built.stopped or len(stopping) > 1


def test_compressed_copies_come_and_go_with_the_option(whole: Path, tmp_path: Path) -> None:
    output = tmp_path / "site"
    plain = {"today": TODAY, "with_search": False, "with_index": False}
    pipeline.build(whole, output, compressed=True, **plain)  # type: ignore[arg-type]
    page = output / "index.html"
    assert gzip.decompress(page.with_name("index.html.gz").read_bytes()) == page.read_bytes()
    pipeline.build(whole, output, **plain)  # type: ignore[arg-type]
    assert list(output.rglob("*.gz")) == []
