"""What authors may put into a page, and what never gets through."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb_builder.site.clean import Cleaner
from kb_builder.site.markdown import ConversionError, Converter

HOSTILE = Path(__file__).parents[3] / "shared" / "data" / "hostile"
CLEANER = Cleaner()

_ACTIVE = re.compile(
    r"<(?:script|style|iframe|object|embed|svg|math|form|base|meta|link|template|video|audio)\b"
    r"|<[^>]*\son\w+\s*=|<[^>]*\sstyle\s*=|(?:href|src)\s*=\s*[\"']?\s*(?:javascript|vbscript|data):"
    r"|<!--|<img[^>]*src=\"(?:https?:)?//|\sid=\"__",
    re.IGNORECASE,
)


def _clean(html: str) -> str:
    return CLEANER.clean(html, lambda url: url)


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='JaVaScRiPt:alert(1)'>x</a>",
        "<p style='position:fixed'>x</p>",
        "<!-- 内部备注 -->",
        "<iframe src=//evil.example></iframe>",
        "<img src='https://evil.example/t.png'>",
        "<img src='//evil.example/t.png'>",
        "<img src='\\\\evil.example\\t.png'>",
        "<div id='__search'>x</div>",
        "<svg onload=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<template shadowrootmode=open><script>1</script></template>",
        "<base href=//evil.example>",
        "<form action=//evil.example><input name=a>",
        "<div class='md-overlay'>x</div>",
    ],
)
def test_active_content_is_gone(html: str) -> None:
    found = _clean(html)
    assert not _ACTIVE.search(found)
    assert "evil.example" not in found
    assert "md-overlay" not in found
    assert "内部备注" not in found


@pytest.mark.parametrize(
    "html",
    [
        "<p><strong>粗</strong> <em>斜</em> <code>码</code></p>",
        '<h3 id="细节">细节</h3>',
        '<table><thead><tr><th align="right">甲</th></tr></thead></table>',
        '<div class="admonition note"><p class="admonition-title">注意</p></div>',
        '<ul class="task-list"><li class="task-list-item">做</li></ul>',
        '<a href="https://example.com/" rel="noopener noreferrer">外</a>',
        '<a href="mailto:kb@example.com" rel="noopener noreferrer">信</a>',
    ],
)
def test_what_our_markdown_makes_stays(html: str) -> None:
    assert _clean(html) == html


def test_what_is_left_open_is_closed() -> None:
    assert _clean("<div><p>甲") == "<div><p>甲</p></div>"


def test_a_check_box_is_only_a_picture() -> None:
    found = _clean('<input type="text" value="x" checked>')
    assert 'disabled=""' in found
    assert "value" not in found
    assert 'type="text"' not in found


@pytest.mark.parametrize("url", ["#top", "/", "../../", "a.md", "x:a.png"])
def test_what_is_no_picture_is_not_asked_for(url: str) -> None:
    assert "src" not in _clean(f"<img src='{url}' alt='图'>")
    assert 'src="../图.PNG"' in _clean("<img src='../图.PNG' alt='图'>")


def test_a_dropped_link_keeps_its_words() -> None:
    found = CLEANER.clean('<p><a href="x.md">词</a></p>', lambda _url: None)
    assert "词" in found
    assert "href" not in found


def test_cleaning_twice_changes_nothing() -> None:
    once = _clean("<div><a href=x>甲<p>乙<table><td>丙<script>1</script>")
    assert _clean(once) == once


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="../shared/data/hostile is not there")
def test_public_payloads_come_out_inert() -> None:
    converter = Converter()
    seen = 0
    for path in sorted(HOSTILE.rglob("*")):
        if not path.is_file() or path.name.lower().startswith("readme"):
            continue
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
            line = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", line)
            if not line.strip() or len(line) > 20_000:
                continue
            try:
                parts = converter.convert(line)
            except ConversionError:
                continue
            seen += 1
            for html in (parts.lead, *(part.html for part in parts.sections)):
                found = _clean(html)
                assert not _ACTIVE.search(re.sub(r"(?<=>)[^<]+", "", found)), line
    assert seen > 100


def test_who_resolves_links_hears_of_every_one() -> None:
    heard: list[str] = []
    html = (
        '<a href="a.md">甲</a><a href="https://b.example/c">乙</a><img src="d.md" alt="丙">'
        '<img src="e.png" alt="丁"><img src="https://f.example/g.png" alt="戊"><a href="//h.example">己</a>'
    )
    found = CLEANER.clean(html, lambda url: heard.append(url) or "there")  # type: ignore[func-returns-value]
    assert heard == ["a.md", "https://b.example/c", "d.md", "e.png"]
    # A whole address stays, whatever is said of it; a page is no picture.
    assert 'href="https://b.example/c"' in found
    assert found.count("there") == 2
