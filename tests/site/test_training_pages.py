"""培训: a pack a role, answers hidden until asked, and what comes out of the printer."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from documents import case, files_of, lesson
from playwright.sync_api import Browser
from site_base import MKDOCS, REPOSITORY, BuildSite, MakeBase, read, write

from kb_builder import loader, site

QUIZ = "[{question: 先做什么？, options: [解释, 听他说完, 查单子], answer: 2, why: 气没消，道理讲不进去}]"
PLAYBOOK = (
    "cases/playbooks/PB-001.md",
    "---\nid: PB-001\ntitle: 先情感后事件\nstatus: 已发布\nphase: 中期处理\nowner: 店长\n"
    "scripts: [您慢慢说]\nbanned_phrases: [这不归我管]\n---\n\n## 适用情形\n\n都行。\n",
)
TRAINED = (
    lesson(1, audience_role="[新员工, 一线]", quiz=QUIZ, wrong_practice="急着解释。"),
    *(lesson(number, audience_role="[新员工]") for number in range(2, 12)),
    PLAYBOOK,
    case(1, case_kind="反面教材", lessons="[LS-001]", playbooks="[PB-001]"),
    case(2, case_kind="正面典范", lessons="[LS-002]", contrast_with="CASE-2024-0001"),
    case(3, case_kind="先失后得", lessons="[LS-001]"),
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with packs for two roles; built once, and only looked at."""
    root = tmp_path_factory.mktemp("trained")
    shutil.copytree(REPOSITORY / "site_config", root / "site_config")
    for path, text in (("mkdocs.yml", MKDOCS), *TRAINED):
        write(root, path, text)
    site.build(loader.load(root), root / "site", search=False, unpublishable=frozenset())
    return root / "site"


def test_there_is_a_pack_for_every_role_with_a_lesson(trained: Path) -> None:
    assert sorted(path.parent.name for path in (trained / "training").glob("*/index.html")) == [
        "frontline",
        "newcomer",
    ]
    index = read(trained, "training")
    assert 'href="../training/newcomer/"' in index
    assert "新员工先读什么" in index


def test_a_pack_holds_wrong_and_right_cases_words_and_questions(trained: Path) -> None:
    html = read(trained, "training/frontline")
    for text in (
        "急着解释。",
        "先听完，再说话。",
        "第 1 件投诉",
        "第 3 件投诉",
        "您慢慢说",
        "这不归我管",
        "先做什么？",
    ):
        assert text in html
    order = [html.index(f'<h2 id="{anchor}">') for anchor in ("lessons", "bad", "turned", "pairs", "phrases", "quiz")]  # fmt: skip
    assert order == sorted(order)
    assert 'id="good"' not in html  # the good one teaches a lesson of newcomers


def test_a_long_pack_is_cut_and_says_where_the_rest_is(trained: Path) -> None:
    html = read(trained, "training/newcomer")
    assert html.count('<p class="kb-maxim-right">') == 8
    assert "只列最要紧的 8 条，一共 11 条" in html
    assert 'href="../../browse/audience_role/newcomer/"' in html
    assert "只列最要紧的" not in read(trained, "training/frontline")


def test_a_lesson_asks_its_own_questions(trained: Path) -> None:
    html = read(trained, "l/LS-001")
    assert re.search(r"<details[^>]*><summary>看答案</summary><p><b>B</b> 气没消", html)
    assert "kb-quiz" not in read(trained, "l/LS-002")


def test_without_lessons_the_page_says_what_to_write(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    output = build_site(make_base(case(1)))
    html = read(output, "training")
    assert "还没有培训包。在教训开头写 audience_role" in html
    assert list((output / "training").iterdir()) == [output / "training" / "index.html"]


def test_one_lesson_without_a_question_says_how_to_ask(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    output = build_site(make_base(lesson(1, audience_role="[一线]")))
    html = read(output, "training/frontline")
    assert "还没有自测题。在教训开头写 quiz" in html
    assert "kb-answers" not in html
    assert "还没有写给新员工的教训" in read(output, "training")


def test_hostile_questions_stay_text(make_base: MakeBase, build_site: BuildSite) -> None:
    quiz = "[{question: '<img src=x onerror=alert(1)>', options: ['<b>', 二], answer: 1, why: '</p><script>'}]"
    output = build_site(make_base(lesson(1, audience_role="[一线]", quiz=quiz)))
    for name, data in files_of(output / "training").items():
        assert b"<img src=x" not in data, name
        assert b"</p><script>" not in data, name


def test_answers_are_hidden_until_asked(chromium: Browser, trained: Path) -> None:
    page = chromium.new_page(java_script_enabled=False)
    page.goto((trained / "training/frontline/index.html").as_uri())
    answer = page.locator(".kb-quiz-answer > p").first
    assert answer.is_hidden()
    assert page.locator(".kb-answers").is_hidden()
    page.locator(".kb-quiz-answer > summary").first.click()
    assert answer.is_visible()
    assert "听他说完" in page.locator(".kb-quiz-options").first.inner_text()
    page.close()


def test_on_paper_the_answers_are_on_a_sheet_of_their_own(chromium: Browser, trained: Path) -> None:
    page = chromium.new_page()
    page.goto((trained / "training/frontline/index.html").as_uri())
    page.locator(".kb-quiz-answer > summary").first.click()  # opened, and yet not printed
    page.emulate_media(media="print")
    assert page.locator(".kb-quiz-answer > p").first.is_hidden()
    assert page.locator(".kb-quiz-question").first.is_visible()
    answers = page.locator(".kb-answers")
    assert answers.is_visible()
    assert answers.evaluate("one => getComputedStyle(one).breakBefore") == "page"
    assert page.locator(".md-header").is_hidden()
    whole = _sheets(page.pdf(format="A4"))
    answers.evaluate("one => one.remove()")
    assert _sheets(page.pdf(format="A4")) == whole - 1
    page.close()


def _sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("address", ["training", "training/newcomer", "exports"])
def test_no_page_is_wider_than_the_window(
    chromium: Browser, trained: Path, width: int, address: str
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto((trained / address / "index.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
