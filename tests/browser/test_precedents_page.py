"""The page 找先例 and its dialog over other pages: what is shown, corrected, drafted; and that the text stays there."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from kb_builder import loader, rules, site
from kb_builder.diagnostics import Level

pytestmark = pytest.mark.browser

Serve = Callable[[Path], str]

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

TEXT = (
    "我在你们店里订的蛋糕，钱早就付清了，今天来取说本子上没有我的名字。电话打了十分钟没人吭声，"
    "换了三个人，谁也做不了主。今天晚上客人就要到了，你们给我一个说法！"
)
DANGER = (
    "孩子吃了你们的蛋糕上吐下泻，现在在医院抢救，记者已经在门口了，几十个家长都在群里商量一起来堵门，"
    "律师说今天就起诉，你们马上给我一个交代！"
)
PRIVATE = "我叫王小明，手机13812345678，家住北京市海淀区中关村大街27号3单元501室。"
INPUT = ".kbp-text"
BOX = 'form[data-kbs="box"]'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository's own base."""
    folder = tmp_path_factory.mktemp("precedents")
    site.build(loader.load(ROOT), folder, unpublishable=frozenset())
    return folder


@pytest.fixture(scope="module")
def base(serve: Serve, folder: Path) -> str:
    return serve(folder)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture
def opened(context: BrowserContext, base: str) -> Page:
    page = context.new_page()
    return visit(page, f"{base}precedents/")


def visit(page: Page, address: str) -> Page:
    page.set_default_timeout(10_000)
    page.goto(address)
    page.wait_for_selector("html[data-kbs-ready]")
    return page


def ask(page: Page, text: str) -> None:
    page.locator(INPUT).fill(text)
    expect(page.locator(".kbp-summary")).to_be_visible(timeout=15_000)


def chip(page: Page, label: str) -> Any:
    return page.locator(".kbp-chip", has_text=re.compile(f"^{label}$"))


def test_a_pasted_complaint_gets_its_five_parts(opened: Page) -> None:
    expect(opened.locator(INPUT)).to_be_focused()
    expect(opened.get_by_text("只在这个浏览器里处理")).to_be_visible()
    expect(opened.locator(".kbp-results")).to_be_hidden()
    ask(opened, TEXT)
    first = opened.locator(".kbp-case").first
    expect(first).to_contain_text("预付座椅套漏下单")
    for name in ("怎么办的", "道歉", "结果", "已解决", "留住客户", "都说到", "付清"):
        expect(first).to_contain_text(name)
    expect(first.locator(".kbp-excerpt mark").first).to_be_visible()
    # The same words are marked in the text.
    alike = opened.locator(".kbp-mirror mark.kbp-alike").all_inner_texts()
    assert "付清" in alike
    expect(chip(opened, "服务")).to_have_attribute("aria-pressed", "true")
    row = opened.locator(".kbp-values li", has=chip(opened, "服务"))
    for words in ("有把握", "原话", "相似案例"):
        expect(row).to_contain_text(words)
    playbook = opened.locator(".kbp-playbook")
    for words in ("PB-004", "为什么", "先做这三步", "可以这样说", "千万别说", "什么时候升级"):
        expect(playbook).to_contain_text(words)
    expect(playbook.locator(".kbp-steps > li")).to_have_count(3)
    expect(playbook.locator("time").first).to_have_text(re.compile(r"^(今天|明天) \d\d:\d\d$"))
    expect(opened.locator(".kbp-lessons a").first).to_be_visible()
    expect(opened.locator(".kbp-contrast")).to_contain_text("一正一反")
    said = opened.locator('.kbp [role="status"]').first
    expect(said).to_contain_text(re.compile(r"找到 \d 个相似案例。用预案 .+最迟 .+ 前答复客户"))
    # A click on a case would take the text away with the page.
    assert first.locator("h3 a").get_attribute("target") == "_blank"


def test_the_deadline_counts_from_when_the_text_came(context: BrowserContext, base: str) -> None:
    page = context.new_page()
    page.clock.install(time="2026-12-31T23:30:00")
    visit(page, f"{base}precedents/")
    page.locator(INPUT).fill(TEXT)
    page.clock.run_for(1_000)
    expect(page.locator(".kbp-by")).to_contain_text("最迟 明天 00:30 前答复客户")
    page.clock.run_for(20 * 60_000)
    page.locator(INPUT).press_sequentially("急")
    page.clock.run_for(1_000)
    expect(page.locator(".kbp-by")).to_contain_text("最迟 明天 00:30 前答复客户")
    expect(page.locator(".kbp-by")).to_contain_text("从 23:30 起算")


def test_danger_is_said_first_and_leads_to_the_crisis_playbook(opened: Page) -> None:
    ask(opened, DANGER)
    expect(opened.locator(".kbp-summary.kbp-alarm")).to_contain_text("危险：")
    expect(opened.locator(".kbp-field").first).to_contain_text("危机信号")
    expect(opened.locator(".kbp-mirror mark.kbp-danger").first).to_be_attached()
    expect(opened.locator(".kbp-playbook.kbp-urgent")).to_contain_text("出现危险信号")
    expect(opened.locator(".kbp-playbook .kbp-now")).to_contain_text("马上升级")


def test_one_click_corrects_and_the_playbook_follows(opened: Page) -> None:
    ask(opened, DANGER)
    before = str(opened.locator(".kbp-playbook h3").text_content())
    field = opened.locator(".kbp-field", has_text="危机信号")
    while field.locator('.kbp-chip[aria-pressed="true"]').count():
        pressed = field.locator('.kbp-chip[aria-pressed="true"]')
        left = pressed.count() - 1
        pressed.first.click()
        expect(pressed).to_have_count(left)
    expect(field).to_contain_text("都不是")
    expect(opened.locator(".kbp-alarm")).to_have_count(0)
    expect(opened.locator(".kbp-playbook h3")).not_to_have_text(before)
    field.get_by_role("button", name="按原话重新判断").click()
    expect(opened.locator(".kbp-playbook h3")).to_have_text(before)
    # By keyboard: what no word speaks for is chosen from the list, and the focus stays in the field.
    severity = opened.locator(".kbp-field", has_text="严重度")
    severity.locator("select").select_option("minor")
    minor = severity.locator('[data-key="value severity minor"]')
    expect(minor).to_have_attribute("aria-pressed", "true")
    expect(severity).to_contain_text("您选的")
    minor.focus()
    opened.keyboard.press("Space")
    expect(severity).to_contain_text("都不是")
    assert opened.evaluate("document.activeElement.closest('.kbp-field') !== null")


def test_the_draft_is_masked_and_the_check_accepts_it(opened: Page, tmp_path: Path) -> None:
    ask(opened, f"{PRIVATE}{TEXT}")
    opened.get_by_role("button", name="写成案例草稿").click()
    expect(opened.get_by_role("button", name="复制")).to_be_focused()
    masked = opened.locator(".kbp-masked")
    for value in ("13812345678", "王小明"):
        expect(masked).to_contain_text(value)
        expect(opened.locator(".kbp-markdown")).not_to_contain_text(value)
    with opened.expect_download() as waiting:
        opened.get_by_role("button", name="下载").click()
    name = waiting.value.suggested_filename
    assert re.fullmatch(r"CASE-\d{4}-\d{4}\.md", name)
    path = opened.locator(".kbp-path code").inner_text()
    assert path.endswith(f"/{name}")
    waiting.value.save_as(tmp_path / path)
    assert (tmp_path / path).read_text("utf-8") == opened.locator(".kbp-markdown").inner_text()
    (tmp_path / "site_config").symlink_to(ROOT / "site_config")
    (tmp_path / "mkdocs.yml").write_text("site_name: x\ndocs_dir: cases\nplugins: [kb]\n", "utf-8")
    base = loader.load(tmp_path)
    document = base.corpus.documents[0]
    assert document.path == path
    # The day after: the reader's today may be ahead of this machine's.
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    found = rules.check(base.corpus, base.settings, tomorrow)
    assert [one for one in found if one.level is Level.ERROR] == []


def test_escape_clears_and_the_text_can_be_had_back(opened: Page) -> None:
    ask(opened, TEXT)
    chip(opened, "服务").focus()
    opened.keyboard.press("Escape")
    expect(opened.locator(INPUT)).to_have_value("")
    expect(opened.locator(INPUT)).to_be_focused()
    expect(opened.locator(".kbp-results")).to_be_hidden()
    opened.get_by_role("button", name="找回刚才的文字").click()
    expect(opened.locator(INPUT)).to_have_value(TEXT)
    expect(opened.locator(".kbp-case").first).to_be_visible()
    opened.reload()
    expect(opened.locator(INPUT)).to_have_value("")


def test_composing_asks_nothing(opened: Page) -> None:
    expect(opened.locator(INPUT)).to_be_focused()
    opened.evaluate(
        """async () => { await kbSearch.ready; const real = kbSearch.advise; window.asked = [];
            kbSearch.advise = (...all) => { asked.push(all[0]); return real(...all); };
            const field = document.querySelector(".kbp-text");
            const tell = (type, more) => field.dispatchEvent(new (type === "input" ? InputEvent : CompositionEvent)(type, {bubbles: true, ...more}));
            tell("compositionstart"); field.value = "wo de dangao mei dao"; tell("input", {isComposing: true}); }"""
    )
    opened.wait_for_timeout(500)
    assert opened.evaluate("asked") == []
    opened.evaluate(
        """() => { const field = document.querySelector(".kbp-text"); field.value = "我的蛋糕没有到";
            field.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true})); }"""
    )
    expect(opened.locator(".kbp-summary")).to_be_visible()
    assert opened.evaluate("asked") == ["我的蛋糕没有到"]


def test_marks_stay_on_their_words_while_one_types(opened: Page) -> None:
    ask(opened, TEXT)
    expect(opened.locator(".kbp-mirror mark", has_text="付清").first).to_be_attached()
    opened.evaluate("() => { kbSearch.advise = () => new Promise(() => {}); }")
    opened.locator(INPUT).evaluate("(field) => field.setSelectionRange(0, 0)")
    opened.keyboard.type("你好，")
    expect(opened.locator(".kbp-mirror mark", has_text="付清").first).to_be_attached()
    mirror = opened.locator(".kbp-mirror").inner_text()
    assert mirror.rstrip("\u200b\n") == f"你好，{TEXT}"


def pieces(text: str) -> list[str]:
    return [text[start : start + 8] for start in range(len(text) - 7)]


def leaks(page: Page, text: str, asked: list[Request]) -> list[str]:
    """Where any eight characters of the text have got to outside the page."""
    stores = page.evaluate(
        """async () => JSON.stringify([
            location.href, history.state, document.cookie, window.name, {...localStorage}, {...sessionStorage},
            (await indexedDB.databases()).map((one) => one.name),
            await Promise.all((await caches.keys()).map(async (name) =>
                [name, (await (await caches.open(name)).keys()).map((request) => request.url)])),
            performance.getEntries().map((entry) => entry.name),
            [...document.querySelectorAll("a[href], form[action]")].map((one) => one.href || one.action),
        ])"""
    )
    sent = [
        f"{request.url} {request.post_data or ''} {request.headers}"
        for request in asked
        if not request.url.startswith("blob:")
    ]
    found = []
    for piece in pieces(text):
        forms = {piece, quote(piece), piece.encode("unicode_escape").decode()}
        found += [each[:200] for each in (*sent, stores) for form in forms if form in each]
    return found


def test_the_text_goes_nowhere(context: BrowserContext, base: str) -> None:
    asked: list[Request] = []
    context.on("request", lambda request: asked.append(request))
    page = visit(context.new_page(), f"{base}precedents/")
    text = f"{PRIVATE}{TEXT}"
    ask(page, text)
    page.locator(".kbp-chip").first.click()
    page.get_by_role("button", name="写成案例草稿").click()
    expect(page.locator(".kbp-markdown")).to_be_visible()
    length = page.evaluate("history.length")
    assert asked
    assert leaks(page, text, asked) == []
    assert page.evaluate("history.length") == length
    # From a search box: into the dialog, and closed again.
    visit(page, f"{base}cases/")
    page.locator(f"{BOX} input").fill(text)
    expect(page.locator(f"{BOX} [role=option]").first).to_contain_text("找先例")
    expect(page.locator(f"{BOX} [role=option]").nth(1)).to_be_visible()
    assert leaks(page, text, asked) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").locator(".kbp-case").first).to_be_visible()
    assert page.url == f"{base}cases/"
    assert leaks(page, text, asked) == []
    page.locator(".kbp-head button").click()
    # And the search page.
    visit(page, f"{base}search/")
    page.locator('[data-kbs="page"] input').first.fill(text)
    expect(page.locator(".kbs-hit").first).to_be_visible()
    page.wait_for_url(re.compile("#text="))
    page.wait_for_timeout(1_700)  # After so long, a search that was meant is remembered.
    assert leaks(page, text, asked) == []
    page.get_by_role("button", name="找先例：").click()
    expect(page.get_by_role("dialog").locator(INPUT)).to_have_value(text)
    assert leaks(page, text, asked) == []


def test_what_is_pasted_into_the_box_keeps_its_lines(context: BrowserContext, base: str) -> None:
    page = visit(context.new_page(), f"{base}cases/")
    lines = TEXT.replace("。", "。\n")
    page.eval_on_selector(
        f"{BOX} input",
        """(input, text) => { input.focus(); const data = new DataTransfer(); data.setData("text/plain", text);
            input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
            input.value = text; input.dispatchEvent(new InputEvent("input", {bubbles: true})); }""",
        lines,
    )
    option = page.locator(f"{BOX} [role=option]").first
    expect(option).to_have_attribute("aria-selected", "true")
    option.click()
    expect(page.get_by_role("dialog").locator(INPUT)).to_have_value(lines)
    expect(page.get_by_role("dialog").locator(INPUT)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog").locator(INPUT)).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_it_works_without_a_line_once_it_is_loaded(context: BrowserContext, base: str) -> None:
    page = context.new_page()
    with page.expect_response(re.compile(r"/facts-\w+/4\.bin"), timeout=60_000):
        visit(page, f"{base}precedents/")
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    ask(page, TEXT)
    expect(page.locator(".kbp-case").first).to_contain_text("座椅套")
    page.get_by_role("button", name="写成案例草稿").click()
    expect(page.locator(".kbp-markdown")).to_be_visible()


def test_without_a_line_it_says_so_and_tries_again(context: BrowserContext, base: str) -> None:
    context.route("**/advice-*/**", lambda route: route.abort())
    page = visit(context.new_page(), f"{base}precedents/")
    page.locator(INPUT).fill(TEXT)
    expect(page.get_by_role("alert")).to_contain_text("没有连上网站")
    expect(page.locator(INPUT)).to_have_value(TEXT)
    context.unroute("**/advice-*/**")
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".kbp-case").first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_script_of_another_version_is_recognised(context: BrowserContext, base: str) -> None:
    context.route(
        "**/kb-advice.js*",
        lambda route: route.fulfill(
            body=re.sub(r'version!=="\w+"', 'version!=="00000000"', route.fetch().text()),
            content_type="text/javascript",
        ),
    )
    page = visit(context.new_page(), f"{base}precedents/")
    page.locator(INPUT).fill(TEXT)
    expect(page.get_by_role("alert")).to_contain_text("版本不一样")


def test_from_a_disk(context: BrowserContext, folder: Path) -> None:
    page = visit(context.new_page(), (folder / "precedents" / "index.html").as_uri())
    ask(page, TEXT)
    expect(page.locator(".kbp-case").first).to_contain_text("座椅套")
    page.get_by_role("button", name="写成案例草稿").click()
    expect(page.locator(".kbp-markdown")).to_contain_text("付清")


def test_a_small_screen_shows_playbook_and_deadline_all_the_time(
    context: BrowserContext, base: str
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{base}precedents/")
    ask(page, TEXT)
    page.locator("ul.kbp-lessons").scroll_into_view_if_needed()
    expect(page.locator(".kbp-summary")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".kbp-go").click()
    expect(page.locator("#kbp-playbooks")).to_be_in_viewport()
    expect(page.locator("#kbp-playbooks")).to_be_focused()


def test_one_sheet_of_paper(opened: Page) -> None:
    ask(opened, TEXT)
    opened.emulate_media(media="print")
    expect(opened.locator(".kbp-mirror")).to_contain_text("付清")
    expect(opened.locator(INPUT)).to_be_hidden()
    # A4 with the margins of print.css, in CSS pixels.
    opened.set_viewport_size({"width": 680, "height": 1000})
    assert opened.evaluate("document.querySelector('.kbp').scrollHeight") <= 1_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_serious_fault(chromium: Browser, base: str, width: int, scheme: Any) -> None:
    made = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = visit(made.new_page(), f"{base}precedents/")
    page.add_script_tag(path=AXE)
    found = {"empty": _faults(page)}
    ask(page, f"{PRIVATE}{DANGER}")
    page.locator(".kbp-other summary").first.click()
    page.get_by_role("button", name="写成案例草稿").click()
    expect(page.locator(".kbp-markdown")).to_be_visible()
    found["full"] = _faults(page)
    made.close()
    assert {state: faults for state, faults in found.items() if faults} == {}


def _faults(page: Page) -> list[str]:
    return page.evaluate(  # type: ignore[no-any-return]
        """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
             .filter(({impact}) => impact === "serious" || impact === "critical")
             .flatMap((fault) => fault.nodes.slice(0, 3).map((node) =>
                `${fault.id}: ${node.html.slice(0, 120)} — ${node.failureSummary.slice(0, 300)}`))"""
    )
