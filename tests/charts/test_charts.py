"""Charts: what a page gets of them, and that they depend on nothing but the table."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import vl_convert
from chart_tables import COUNT, EXAMPLES, row, table

from kb_builder.charts import Charts, converting, drawing
from kb_builder.charts.svg import INKS, themed
from kb_builder.charts.words import description
from kb_builder.insight.tables import Picture, Table


def _id(example: Table) -> str:
    return example.picture.name.lower()


def test_there_is_an_example_of_every_picture() -> None:
    assert {example.picture for example in EXAMPLES} == set(Picture) - {Picture.NONE}


@pytest.mark.parametrize("example", EXAMPLES, ids=_id)
def test_a_chart_is_told_and_themed(example: Table) -> None:
    svg = Charts().draw(example, "c-x")
    assert svg.startswith('<svg class="kb-chart" role="img" aria-labelledby="c-x-t c-x-d"')
    assert '<title id="c-x-t">投诉类型</title>' in svg
    assert f'<desc id="c-x-d">{description(example)}</desc>' in svg
    drawn = [one for one in example.rows if not one.unknown and "退款" not in one.label]
    for one in drawn if example.picture is not Picture.TIMELINE else drawn[:1]:
        assert f">{one.label}</text>" in svg  # text stays text
    colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg))
    assert colours <= {*INKS.values(), "transparent", "none"}
    for unwanted in (
        "font-family",
        "style=",
        "href",
        "url(",
        "<script",
        "<image",
        "<rect",
        "#0000",
    ):
        assert unwanted not in svg


@pytest.mark.parametrize("example", EXAMPLES, ids=_id)
def test_a_chart_is_valid_vega_lite(example: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    chart = drawing.chart_of(example)
    assert chart is not None
    chart.to_dict(validate=True)


@pytest.mark.parametrize("example", EXAMPLES, ids=_id)
def test_fonts_of_the_machine_change_nothing(example: Table) -> None:
    spec = drawing.chart_of(example).to_dict(validate=False)
    found = set()
    for family in ("serif", "monospace", "no such font"):
        spec["config"] = {**spec["config"], "font": family}
        found.add(themed(vl_convert.vegalite_to_svg(spec), "c", "t", "d"))
    assert len(found) == 1


def test_the_unknown_and_the_rest_are_in_the_table_only() -> None:
    rows = (row("产品", 6), row("其余 3 种", 9, rest=True), row("未填写", 30, unknown=True))
    svg = Charts().draw(table(Picture.BARS, *rows), "c")
    assert svg == Charts().draw(table(Picture.BARS, rows[0]), "c")
    assert ">产品</text>" in svg


@pytest.mark.parametrize("picture", [Picture.BARS, Picture.TIMELINE, Picture.HEAT])
def test_nothing_to_draw_gives_nothing(picture: Picture) -> None:
    assert Charts().draw(table(picture, row("产品", 0)), "c") == ""
    assert Charts().draw(table(picture, row("未填写", 3, unknown=True)), "c") == ""
    assert Charts().draw(table(picture), "c") == ""


def test_a_label_that_does_not_fit_is_cut_and_told_whole() -> None:
    label = "一种名字特别特别特别特别长的产品 · 质量瑕疵"
    svg = Charts().draw(table(Picture.BARS, row(label, 2)), "c")
    assert f">{label}</text>" not in svg
    assert re.search(r">一种名字[^<]*…</text>", svg)
    assert label in svg  # in the description


def test_labels_of_a_timeline_do_not_touch() -> None:
    rows = [row(f"20{year}年{month}月", 1) for year in (22, 23, 24) for month in range(1, 13)]
    svg = Charts().draw(table(Picture.TIMELINE, *rows), "c")
    at = [float(x) for x in re.findall(r'translate\(([\d.]+),[\d.]+\)"[^>]*>20', svg)]
    assert len(at) >= 3
    assert all(after - before > 50 for before, after in itertools.pairwise(at))
    assert min(at) > 20
    assert max(at) < 340


def test_markup_in_a_label_is_text() -> None:
    hostile = '<script>alert(1)</script>"&'
    svg = Charts().draw(table(Picture.BARS, row(hostile, 2), title=hostile), "c")
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


@pytest.mark.parametrize(
    "source",
    [
        "", "<svg", "<p>no</p>", '<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="2"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><path d="M0,0" fill="url(//host)"/></svg>',
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><path d="&a;&quot;&lt;"/></svg>',
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"SVG|attribute"):
        themed(source, "c", "t", "d")


def test_only_what_a_drawing_needs_is_taken_over() -> None:
    source = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2" onload="x()">'
        '<script>x()</script><a href="//host"><text>in</text></a><image href="//host"/>'
        '<foreignObject><p>no</p></foreignObject><g onclick="x()"><text style="x" fill="#000001">甲</text></g></svg>'
    )
    drawn = themed(source, "c", "t", "d").partition("</desc>")[2]
    assert drawn == '<text fill="var(--kb-ink)">甲</text></svg>'


# ---------------------------------------------------------------- drawn before


def test_what_was_drawn_is_not_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state" / "charts.json"
    first = Charts(path)
    drawn = [first.draw(example, "c") for example in EXAMPLES]
    first.keep()
    before = path.read_bytes()
    monkeypatch.setattr(drawing, "specification", lambda _table: pytest.fail("drawn again"))
    second = Charts(path)
    assert [second.draw(example, "c") for example in EXAMPLES] == drawn
    second.keep()
    assert path.read_bytes() == before


def test_another_number_is_another_drawing(tmp_path: Path) -> None:
    path = tmp_path / "charts.json"
    charts = Charts(path)
    one = charts.draw(table(Picture.BARS, row("产品", 6), row("服务", 2)), "c")
    charts.keep()
    charts = Charts(path)
    assert charts.draw(table(Picture.BARS, row("产品", 6), row("服务", 3)), "c") != one
    charts.keep()
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 1  # what is no longer used goes


@pytest.mark.parametrize("content", ["", "[]", "not json", '{"a": 3}', "[" * 100_000])
def test_a_damaged_cache_only_costs_time(tmp_path: Path, content: str) -> None:
    path = tmp_path / "charts.json"
    path.write_text(content, encoding="utf-8")
    example = table(Picture.BARS, row("产品", 6), columns=COUNT)
    assert Charts(path).draw(example, "c") == Charts().draw(example, "c")


def test_a_planted_drawing_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "charts.json"
    example = table(Picture.BARS, row("产品", 6))
    charts = Charts(path)
    right = charts.draw(example, "c")
    charts.keep()
    (key,) = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({key: "<svg><script>alert(1)</script>"}), encoding="utf-8")
    assert Charts(path).draw(example, "c") == right


def test_another_process_draws_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    here = [Charts().draw(example, "c") for example in EXAMPLES]
    monkeypatch.setattr(converting, "convert", lambda _: pytest.fail("drawn in this process"))
    charts = Charts(apart=True)
    assert [charts.draw(example, "c") for example in EXAMPLES] == here
    charts.keep()
    assert charts.draw(EXAMPLES[0], "c") == here[0]  # it starts again
    charts.keep()


def test_a_process_that_fails_is_done_without() -> None:
    example = EXAMPLES[0]
    converter = converting.Converter()
    specification = drawing.specification(example)
    assert specification is not None
    expected = converting.convert(specification)
    assert converter.convert(specification) == expected
    process = converter._process
    assert process is not None
    process.kill()
    process.wait()
    assert converter.convert(specification) == expected
    assert converter.convert(specification) == expected  # by another one
    converter.close()


def test_no_process_outlives_its_pipe() -> None:
    converter = converting.Converter()
    specification = drawing.specification(EXAMPLES[0])
    assert specification is not None
    converter.convert(specification)
    process = converter._process
    assert process is not None
    converter.close()
    assert process.returncode == 0


def test_altair_is_loaded_only_to_draw() -> None:
    code = "import sys, kb_builder.charts, kb_builder.site; assert 'altair' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
