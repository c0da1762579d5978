"""The search that readers see: the box in every header, the search page, the marks on a hit's page."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from kb_builder import loader, site

pytestmark = pytest.mark.browser

Serve = Callable[[Path], str]

ROOT = Path(__file__).parents[2]
EVIL = '<img src=x onerror="window.pwned=1"> 标题里的标签'
LONG = "我在你们店里买的座椅套等了两个星期还没有到货，打电话过去也没有人管，让我干等着，最后说根本没有下单，请你们给我一个说法，不然我就要投诉到底。"
BOX = 'form[data-kbs="box"]'
FIELD = f"{BOX} input"
OPTION = f"{BOX} [role=option]"


def document(folder: str, identity: str, title: str, body: str, **fields: str) -> tuple[str, str]:
    front = {"id": identity, "title": json.dumps(title, ensure_ascii=False), "status": "已发布"}
    front |= {"owner": "店长", "summary": "店里查明原因，当天处理并道歉。", **fields}
    lines = "\n".join(f"{name}: {value}" for name, value in front.items())
    return f"cases/{folder}/{identity}.md", f"---\n{lines}\n---\n\n{body}\n"


def documents() -> Iterator[tuple[str, str]]:
    bodies = [
        "## 记录\n\n客户的座椅套没有到货，店里漏了单。\n\n## 总结\n\n录单要核对，座椅套要备货。",
        "## 记录\n\n物流把包裹弄丢了，客户要求退货。\n\n## 总结\n\n退货当天办。",
        "## 记录\n\n[客服](https://example.com)态度不好，客户要投诉。\n\n## 总结\n\n先道歉。",
    ]
    types = ("产品", "服务", "服务")
    for number in range(1, 31):
        sort = (number - 1) % 3
        yield document(
            "resolved/2024",
            f"CASE-20{10 + sort}-{number:04d}",
            f"第 {number} 件：{('座椅套漏单', '包裹丢失', '态度不好')[sort]}",
            bodies[sort],
            occurred_on=f"20{10 + sort}-03",
            case_kind="正面典范" if number % 2 else "反面教材",
            complaint_type=types[sort],
            channel="[投诉电话]",
            severity=("较重", "轻微")[number % 2],
        )
    lesson = {"lesson_kind": "理念", "right_practice": "先听完，再说话。"}
    yield document("lessons", "LS-001", "先处理情感，再处理事件", "## 由来\n\n一件事。", **lesson)
    yield document("lessons", "LS-002", EVIL, "## 由来\n\n__proto__ 与 constructor。", **lesson)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose `kb/` is the site of a small base: a sub-path of whatever serves it."""
    root = tmp_path_factory.mktemp("base")
    shutil.copytree(ROOT / "site_config", root / "site_config")
    (root / "mkdocs.yml").write_text("site_name: 测试库\ndocs_dir: cases\nplugins: [kb]\n", "utf-8")
    for path, text in documents():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    folder = tmp_path_factory.mktemp("site")
    site.build(loader.load(root), folder / "kb", unpublishable=frozenset())
    return folder


@pytest.fixture(scope="session")
def base(serve: Serve, built: Path) -> str:
    """The site's address, with a slash at the end."""
    return f"{serve(built)}kb/"


def visit(page: Page, address: str) -> None:
    page.set_default_timeout(30_000)
    # An address that differs after the # only would not load the page.
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("html[data-kbs-ready]")


def total(page: Page) -> int:
    text = page.locator('[data-kbs="total"]').inner_text()
    return int(re.findall(r"\d+", text)[0])


def watch_calls(page: Page) -> None:
    page.evaluate(
        """() => { const real = kbSearch.search; window.calls = [];
                   kbSearch.search = (...all) => { calls.push(all[0]); return real(...all); } }"""
    )


def hold_answers(page: Page) -> None:
    """The engine's answers are made, but wait until `give_answers`."""
    page.evaluate(
        """() => {
             const made = [];
             const turn = () => new Promise((resolve) => setTimeout(resolve));
             const gate = new Promise((open) => (window.giveAnswers = async () => {
               while (!made.length) await turn();
               open();
               await Promise.all(made);
               await turn(); // of those who waited for them
             }));
             for (const name of ["search", "suggest"]) {
               const real = kbSearch[name];
               kbSearch[name] = (...all) => {
                 const answer = real(...all);
                 made.push(answer);
                 return gate.then(() => answer);
               };
             } }"""
    )


def give_answers(page: Page) -> None:
    page.evaluate("giveAnswers()")


def test_typing_in_the_header_shows_hits_and_leads_to_them(page: Page, base: str) -> None:
    visit(page, f"{base}cases/")
    page.keyboard.press("/")
    expect(page.locator(FIELD)).to_be_focused()
    page.locator(FIELD).fill("座椅套 漏单")
    hits = page.locator(f"{BOX} .kbs-option")
    expect(hits).to_have_count(6)
    expect(hits.first).to_contain_text("座椅套漏单")
    expect(hits.first.locator("mark").first).to_be_visible()
    expect(hits.first).to_contain_text("案例")
    expect(page.locator(f"{BOX} [role=status]")).to_contain_text("找到")
    expect(page.locator(FIELD)).to_have_attribute("aria-expanded", "true")
    expect(page.locator(f"{BOX} .kbs-all")).to_contain_text("查看全部")
    page.locator(f"{BOX} .kbs-all").click()
    expect(page.locator('[data-kbs="page"] input').first).to_have_value("座椅套 漏单")
    expect(page.locator(".kbs-hit").first).to_contain_text("座椅套漏单")


def test_suggestions_fill_the_field_and_control_k_comes_back(page: Page, base: str) -> None:
    visit(page, base)
    page.keyboard.press("Control+k")
    expect(page.locator(FIELD)).to_be_focused()
    page.locator(FIELD).fill("zuoyi")
    suggestion = page.locator(f"{BOX} .kbs-suggestion").first
    expect(suggestion).to_contain_text("座椅")
    suggestion.click()
    expect(page.locator(FIELD)).to_have_value(re.compile("^座椅"))
    expect(page.locator(f"{BOX} .kbs-option").first).to_be_visible()


def test_the_keyboard_alone_opens_a_hit_which_shows_its_marks(page: Page, base: str) -> None:
    visit(page, f"{base}browse/")
    page.keyboard.press("/")
    expect(page.locator(FIELD)).to_be_focused()
    page.locator(FIELD).fill("包裹丢失 退货")
    expect(page.locator(f"{BOX} .kbs-option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    active = page.locator(FIELD).get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    while not page.locator(".kbs-option[aria-selected=true]").count():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/CASE-*/**")
    marks = page.locator("mark.kbs-mark")
    expect(marks.first).to_be_visible()
    assert {"退货", "包裹"} <= set(marks.all_inner_texts())
    expect(page.locator("mark.kbs-here").first).to_be_in_viewport()
    expect(page.locator(".kbs-walk")).to_contain_text("处")
    before = page.locator(".md-content").inner_text()
    page.get_by_role("button", name="去掉标记").click()
    expect(marks).to_have_count(0)
    assert page.locator(".md-content").inner_text() == before
    assert "#" not in page.url


def test_escape_closes_the_list_then_empties_the_field(page: Page, base: str) -> None:
    visit(page, base)
    page.keyboard.press("/")
    page.keyboard.type("退货")
    expect(page.locator(OPTION).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(OPTION).first).to_be_hidden()
    expect(page.locator(FIELD)).to_have_value("退货")
    page.keyboard.press("Escape")
    expect(page.locator(FIELD)).to_have_value("")


def test_a_late_answer_opens_nothing_that_escape_closed(page: Page, base: str) -> None:
    visit(page, base)
    field = page.locator(FIELD)
    hold_answers(page)
    field.fill("退货")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    give_answers(page)
    expect(page.locator(OPTION).first).to_be_hidden()
    field.fill("退")
    expect(page.locator(OPTION).first).to_be_visible()
    hold_answers(page)
    field.fill("退货")
    page.keyboard.press("Escape")
    expect(page.locator(OPTION).first).to_be_hidden()
    give_answers(page)
    expect(page.locator(OPTION).first).to_be_hidden()
    expect(field).to_have_value("退货")
    page.keyboard.press("ArrowDown")
    expect(page.locator(OPTION).first).to_be_visible()


def until(page: Page, condition: str) -> None:
    """Wait until a piece of JavaScript is true; Playwright's own way needs `eval`, which pages forbid."""
    for _ in range(400):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(25)
    raise AssertionError(condition)


@pytest.mark.parametrize("where", ["", "search/"])
def test_nothing_happens_while_an_input_method_composes(page: Page, base: str, where: str) -> None:
    visit(page, base + where)
    page.evaluate("kbSearch.ready")
    page.locator("input:visible[data-kbs=input]").focus()
    until(
        page,
        "!document.querySelector('.kbs-start') || !!document.querySelector('.kbs-start:not([hidden])')",
    )
    watch_calls(page)
    address = page.url
    session = page.context.new_cdp_session(page)
    for text in ("t", "tu", "tui h"):
        session.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
               {key: "Enter", keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"""
    )
    # Whatever these had started would have been asked before this answer.
    page.evaluate("kbSearch.suggest('t')")
    assert page.evaluate("calls") == []
    assert page.url == address
    session.send("Input.insertText", {"text": "退货"})
    until(page, "calls.length > 0")
    assert set(page.evaluate("calls")) == {"退货"}
    expect(page.locator(".kbs-option, .kbs-hit").first).to_be_visible()


def paste(page: Page, selector: str, text: str) -> None:
    page.eval_on_selector(
        selector,
        """(input, text) => { input.focus(); input.value = text;
             input.dispatchEvent(new InputEvent("input", {inputType: "insertFromPaste", bubbles: true})); }""",
        text,
    )


def test_pasting_by_mouse_searches_and_a_long_text_is_kept_nowhere(page: Page, base: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, f"{base}search/")
    field = page.locator('[data-kbs="page"] input').first
    paste(page, '[data-kbs="page"] input', LONG)
    expect(page.locator(".kbs-hit").first).to_contain_text("座椅套")
    page.wait_for_url(re.compile(r"/search/#text=[\w-]+$"))
    # Within the visit, the way back leads to it again.
    page.get_by_role("button", name="最新").click()
    page.go_back()
    expect(field).to_have_value(LONG)
    stored = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "座椅套" not in stored
    assert "#" not in str(page.locator(".kbs-hit h3 a").first.get_attribute("href"))
    page.reload()
    expect(page.get_by_text("请重新粘贴")).to_be_visible()
    expect(field).to_have_value("")
    assert not any("%E5" in url.partition("#")[0] for url in asked)


def test_back_and_reload_give_the_same_state_again(page: Page, base: str) -> None:
    visit(page, f"{base}search/")
    field = page.locator('[data-kbs="page"] input').first
    field.fill("座椅套")
    expect(page.locator(".kbs-hit").first).to_contain_text("座椅套漏单")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="最新").click()
    page.locator(".kbs-facet input[value=negative]").check()
    expect(page.locator(".kbs-chosen")).to_have_count(1)
    narrowed = total(page)
    assert "sort=date" in page.url
    assert "f.case_kind=negative" in page.url
    page.reload()
    expect(page.locator(".kbs-chosen")).to_have_count(1)
    expect(field).to_have_value("座椅套")
    assert total(page) == narrowed
    page.go_back()
    expect(page.locator(".kbs-chosen")).to_have_count(0)
    assert total(page) > narrowed
    expect(page.get_by_role("button", name="最新")).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page.get_by_role("button", name="最相关")).to_have_attribute("aria-pressed", "true")
    page.locator(".kbs-hit h3 a").first.click()
    page.wait_for_url("**/c/**")
    page.go_back()
    expect(field).to_have_value("座椅套")
    expect(page.locator(".kbs-hit").first).to_contain_text("座椅套漏单")


def test_facets_narrow_and_those_that_vanish_stay_in_grey(page: Page, base: str) -> None:
    visit(page, f"{base}search/#q=客户")
    expect(page.locator(".kbs-hit").first).to_be_visible()
    whole = total(page)
    service = page.locator(".kbs-facet li", has=page.locator("input[value=service]"))
    product = page.locator(".kbs-facet li", has=page.locator("input[value=product]"))
    lesson = page.locator(".kbs-facet li", has=page.locator("input[value=lesson]"))
    before = service.locator("span").inner_text()
    service.locator("input").check()
    expect(page.locator(".kbs-chosen")).to_contain_text("投诉类型：服务")
    assert total(page) == int(before) < whole
    # Its own counts say what choosing more would give; the others shrink.
    assert int(product.locator("span").inner_text()) > 0
    expect(lesson).to_be_visible()
    expect(lesson.locator("span")).to_have_text("0")
    expect(lesson).to_have_class(re.compile("kbs-none"))
    product.locator("input").check()
    expect(page.locator(".kbs-chosen")).to_have_count(2)
    page.get_by_role("button", name="全部去掉").click()
    expect(page.locator(".kbs-chosen")).to_have_count(0)
    assert total(page) == whole


def test_more_hits_follow_and_order_by_date(page: Page, base: str) -> None:
    visit(page, f"{base}search/#q=客户&sort=date")
    hits = page.locator(".kbs-hit")
    expect(hits).to_have_count(20)
    expect(hits.first).to_contain_text("2012年")
    page.get_by_role("button", name="更多").click()
    expect(hits).to_have_count(total(page))
    titles = hits.locator("h3").all_inner_texts()
    assert len(set(titles)) == len(titles) > 20


def test_from_the_disk(page: Page, built: Path) -> None:
    visit(page, (built / "kb" / "index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type("座椅套")
    expect(page.locator(f"{BOX} .kbs-option").first).to_contain_text("座椅套漏单")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/index.html#q=*")
    expect(page.locator(".kbs-hit").first).to_contain_text("座椅套漏单")
    page.locator(".kbs-facet input[value=negative]").check()
    expect(page.locator(".kbs-chosen")).to_have_count(1)
    page.go_back()
    expect(page.locator(".kbs-chosen")).to_have_count(0)
    page.locator(".kbs-hit h3 a").first.click()
    page.wait_for_url("**/c/*/index.html#q=*")
    expect(page.locator("mark.kbs-mark").first).to_be_visible()


HOSTILE = [
    EVIL,
    "__proto__",
    "constructor prototype",
    "投" * 10_000,
    "\ud83d 座椅套 \udc00",
    "javascript:alert(1)",
    '"&f.kind=case#',
]


def test_hostile_titles_and_queries_neither_run_nor_crash(page: Page, base: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    visit(page, f"{base}search/")
    field = '[data-kbs="page"] input'
    for text in HOSTILE:
        # As JSON: Python can't send half a character.
        page.evaluate(
            f"""() => {{ const input = document.querySelector({json.dumps(field)});
                  input.value = {json.dumps(text)};
                  input.dispatchEvent(new InputEvent("input", {{bubbles: true}})); }}"""
        )
        expect(page.locator(".kbs-hit, .kbs-nothing").first).to_be_visible()
        until(page, "location.hash.length > 1")
    page.locator(field).first.fill("标题里的标签")
    title = page.locator(".kbs-hit h3 a").first
    expect(title).to_have_attribute("href", re.compile(f"#q={quote('标题里的标签')}$"))
    expect(title).to_have_text(EVIL)
    title.click()
    expect(page.locator("mark.kbs-mark").first).to_be_visible()
    visit(page, f"{base}search/#q=%ZZ%FF&f.__proto__=x&f.kind=<b>&sort=__proto__")
    expect(page.locator(".kbs-nothing")).to_be_visible()
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("({}).x") is None
    assert errors == []


def test_no_text_leaves_the_browser(page: Page, base: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, base)
    page.keyboard.press("/")
    page.keyboard.type("refund退货")
    expect(page.locator(OPTION).first).to_be_visible()
    page.keyboard.press("Enter")
    page.locator(".kbs-hit h3 a").first.click()
    expect(page.locator("mark.kbs-mark").first).to_be_visible()
    sent = [url.partition("#")[0] for url in asked if url != "about:blank"]
    assert all(url.startswith((base, "blob:", "data:")) for url in sent), sent
    assert not any("refund" in url for url in sent)


@pytest.fixture
def copied(tmp_path: Path, built: Path) -> Path:
    """A copy of the site, to be damaged."""
    return Path(shutil.copytree(built, tmp_path / "site"))


@pytest.mark.parametrize("where", ["", "search/"])
def test_a_damaged_shard_is_said_and_can_be_tried_again(
    page: Page, serve: Serve, built: Path, copied: Path, where: str
) -> None:
    for path in copied.glob("kb/search-index/*-*/*.bin"):
        path.write_bytes(path.read_bytes()[:-2])
    visit(page, f"{serve(copied)}kb/{where}")
    page.locator("input:visible[data-kbs=input]").fill("座椅套")
    expect(page.get_by_role("alert")).to_contain_text("不完整")
    shutil.copytree(built, copied, dirs_exist_ok=True)
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".kbs-option, .kbs-hit").first).to_contain_text("座椅套漏单")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_site_without_index_says_so(page: Page, serve: Serve, copied: Path, built: Path) -> None:
    shutil.rmtree(copied / "kb" / "search-index")
    visit(page, f"{serve(copied)}kb/")
    page.locator(FIELD).fill("座椅套")
    expect(page.get_by_role("alert")).to_contain_text("没有搜索索引")
    shutil.copytree(built, copied, dirs_exist_ok=True)
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".kbs-option").first).to_contain_text("座椅套漏单")


def test_without_scripts_the_page_leads_to_browsing(chromium: Browser, base: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}search/")
    message = page.locator("noscript .kb-notice")
    expect(message).to_be_visible()
    expect(message).to_contain_text("要打开 JavaScript 才能用")
    expect(page.locator(BOX)).to_be_hidden()
    message.locator("a").click()
    page.wait_for_url(f"{base}browse/")
    context.close()


def test_an_old_browser_is_told(page: Page, base: str) -> None:
    page.route(
        "**/search-view.*.js", lambda route: route.fulfill(body="this is no script it knows")
    )
    page.goto(f"{base}search/")
    expect(page.locator("#kbs-old")).to_be_visible()
    page.goto(base)
    expect(page.locator(FIELD)).to_have_attribute("placeholder", re.compile("太旧"))


def test_from_the_field_to_the_hits_and_back_by_keyboard(page: Page, base: str) -> None:
    visit(page, f"{base}search/#q=座椅套")
    links = page.locator(".kbs-hit h3 a")
    expect(links.first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator('[data-kbs="page"] input').first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator('[data-kbs="page"] input').first).to_be_focused()
    expect(page.locator('[data-kbs="page"] [role=status]')).to_contain_text("找到")


def test_no_result_helps_and_is_kept_for_the_editors(page: Page, base: str, tmp_path: Path) -> None:
    visit(page, f"{base}search/")
    expect(page.locator(".kbs-start")).to_be_visible()
    field = page.locator('[data-kbs="page"] input').first
    field.fill('"量子纠缠" 座椅套 -座椅套')
    nothing = page.locator(".kbs-nothing")
    expect(nothing).to_contain_text("没有找到")
    expect(nothing.get_by_role("link", name="按条件浏览")).to_be_visible()
    page.keyboard.press("Enter")
    field.fill("zzqxj")
    expect(nothing).to_contain_text("zzqxj")
    page.keyboard.press("Enter")
    field.fill("")
    expect(page.locator(".kbs-kept")).to_contain_text("没有结果的搜索")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出没有结果的搜索").click()
    download.value.save_as(tmp_path / "missed.json")
    report = json.loads((tmp_path / "missed.json").read_text(encoding="utf-8"))
    assert report["format"] == 1
    assert {one["text"] for one in report["queries"]} == {'"量子纠缠" 座椅套 -座椅套', "zzqxj"}
    assert all(one["count"] == 1 for one in report["queries"])
    page.locator(".kbs-kept section", has_text="没有结果").get_by_role(
        "button", name="清除"
    ).click()
    expect(page.locator(".kbs-kept")).to_be_hidden()


def test_fewer_words_are_offered_with_what_they_find(page: Page, base: str) -> None:
    visit(page, f"{base}search/#q=%22座椅套漏单%22 %22包裹丢失%22")
    offer = page.locator(".kbs-nothing").get_by_role("button", name="包裹丢失").first
    expect(offer).to_contain_text("10")
    offer.click()
    expect(page.locator(".kbs-hit")).to_have_count(10)


def test_a_wrong_homophone_is_put_right(page: Page, base: str) -> None:
    visit(page, f"{base}search/#q=坐椅套")
    page.locator(".kbs-offer").get_by_role("button").first.click()
    expect(page.locator(".kbs-hit").first).to_contain_text("座椅套")


def test_recent_searches_are_kept_and_forgotten(page: Page, base: str) -> None:
    visit(page, f"{base}search/")
    for number in range(10):
        page.locator('[data-kbs="page"] input').first.fill(f"退货 {number}")
        page.keyboard.press("Enter")
        hit = page.locator(".kbs-hit h3 a").first
        expect(hit).to_have_attribute("href", re.compile(rf"#q=.*{number}$"))
    visit(page, base)
    page.keyboard.press("/")
    recent = page.locator(f"{BOX} .kbs-recent")
    expect(recent).to_have_count(8)
    expect(recent.first).to_have_text("退货 9")
    page.get_by_role("button", name="清除记录").click()
    expect(recent.first).to_be_hidden()
    page.reload()
    page.keyboard.press("/")
    expect(page.locator(FIELD)).to_be_focused()
    expect(recent).to_have_count(0)


def test_enter_counts_when_the_answer_is_late(page: Page, base: str) -> None:
    visit(page, f"{base}search/")
    expect(page.locator(".kbs-start")).to_be_visible()
    field = page.locator('[data-kbs="page"] input').first
    for text in ("退货", "zzqxj"):
        hold_answers(page)
        field.fill(text)
        page.keyboard.press("Enter")
        assert text not in page.evaluate("JSON.stringify({...localStorage})")
        # In one step: after a while without typing, any text counts.
        stored = page.evaluate(
            "async () => { await giveAnswers(); return JSON.stringify({...localStorage}); }"
        )
        assert text in stored
    kept = [json.loads(value) for key, value in json.loads(stored).items() if "kb-search" in key]
    assert [one["recent"] for one in kept] == [["退货"]]
    assert [one["text"] for one in kept[0]["missed"]] == ["zzqxj"]


def test_on_a_narrow_screen_the_box_unfolds_and_facets_are_in_a_drawer(
    chromium: Browser, base: str
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    visit(page, base)
    expect(page.locator(FIELD)).to_be_hidden()
    page.get_by_role("button", name="打开搜索").click()
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.type("客户")
    expect(page.locator(f"{BOX} .kbs-option").first).to_be_visible()
    page.locator(FIELD).press("Enter")
    expect(page.locator(".kbs-hit").first).to_be_visible()
    expect(page.locator(".kbs-aside")).to_be_hidden()
    page.get_by_role("button", name="筛选").click()
    drawer = page.get_by_role("dialog")
    drawer.locator("input[value=service]").check()
    expect(drawer.get_by_role("button", name="看 20 条")).to_be_visible()
    drawer.get_by_role("button", name="看 20 条").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="筛选（1）")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_a_quotation_that_is_not_counted_yet_says_so_and_can_be(page: Page, base: str) -> None:
    visit(page, f"{base}search/")
    page.evaluate(
        """() => { const real = kbSearch.search;
                   kbSearch.search = async (text, options) => {
                     const found = await real(text, options);
                     return options.exact || !options.limit ? found : {...found, exact: false, total: 77}; } }"""
    )
    page.locator('[data-kbs="page"] input').first.fill('"座椅套漏单"')
    expect(page.locator('[data-kbs="total"]')).to_have_text("最多 77 条")
    expect(page.locator(".kbs-remark")).to_contain_text("逐篇核对")
    expect(page.locator('[data-kbs="app"] [role=status]')).to_have_text("找到 最多 77 条")
    page.get_by_role("button", name="全部核对").click()
    expect(page.locator('[data-kbs="total"]')).to_have_text("10 条")
    expect(page.locator(".kbs-remark")).to_have_count(0)


def test_a_facet_is_counted_when_it_is_unfolded(page: Page, base: str) -> None:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    visit(page, f"{base}search/#q=客户")
    expect(page.locator(".kbs-hit").first).to_be_visible()
    columns = [url for url in asked if "/columns-" in url]
    years = page.locator(".kbs-facet", has_text="年份")
    assert not years.evaluate("box => box.open")
    assert years.locator("span").all_inner_texts() == ["", "", "", ""]
    years.locator("summary").click()
    expect(years.locator("li", has_text="2010年").locator("span")).to_have_text("10")
    assert len([url for url in asked if "/columns-" in url]) == len(columns) + 1
    years.locator("input[value='2010']").check()
    expect(page.locator(".kbs-hit")).to_have_count(10)
    # It stays counted while other things are searched.
    page.locator('[data-kbs="page"] input').first.fill("座椅套")
    expect(years.locator("li", has_text="2011年").locator("span")).to_have_text("0")


def test_the_first_focus_fetches_ahead_what_every_search_needs(page: Page, base: str) -> None:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    visit(page, base)
    assert not [url for url in asked if "/manifest-" in url]
    with page.expect_event("requestfinished", lambda request: "/suggest-" in request.url):
        page.keyboard.press("/")
    fetched = [url for url in asked if re.search(r"/(manifest|suggest)-|entry", url)]
    assert len(fetched) == 3


def test_a_severity_has_the_same_bars_as_in_the_lists(page: Page, tmp_path: Path) -> None:
    root = tmp_path / "base"
    shutil.copytree(ROOT / "site_config", root / "site_config")
    (root / "mkdocs.yml").write_text("site_name: 测试库\ndocs_dir: cases\nplugins: [kb]\n", "utf-8")
    severities = ("隐患", "轻微", "较重", "重大", "危机")
    for number, severity in enumerate(severities, 1):
        path, text = document(
            "resolved/2024",
            f"CASE-2024-{number:04d}",
            f"第 {number} 件座椅套",
            "## 记录\n\n座椅套。",
            severity=severity,
        )
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    site.build(loader.load(root), tmp_path / "site", unpublishable=frozenset())
    bars = ".kb-row .kb-severity > .kb-bars"
    classes = "all => all.map((bar) => [bar.className, bar.parentElement.textContent]).sort()"
    visit(page, (tmp_path / "site" / "cases" / "index.html").as_uri())
    listed = page.eval_on_selector_all(bars, classes)
    visit(page, (tmp_path / "site" / "search" / "index.html").as_uri() + "#q=座椅套")
    expect(page.locator(bars)).to_have_count(5)
    assert page.eval_on_selector_all(bars, classes) == listed
    assert [look for look, _ in listed] == [f"kb-bars kb-bars-{n}" for n in range(1, 6)]


def test_dropping_a_text_searches(page: Page, base: str) -> None:
    visit(page, f"{base}search/")
    page.evaluate(
        """() => { const from = document.createElement("p");
                   from.id = "from"; from.draggable = true; from.textContent = "拖我";
                   from.addEventListener("dragstart",
                     (event) => event.dataTransfer.setData("text/plain", "包裹丢失"));
                   document.querySelector(".kbs-page").prepend(from); }"""
    )
    page.drag_and_drop("#from", '[data-kbs="page"] input')
    expect(page.locator('[data-kbs="page"] input').first).to_have_value("包裹丢失")
    expect(page.locator(".kbs-hit").first).to_contain_text("包裹丢失")


def test_a_shared_link_shows_the_same(chromium: Browser, page: Page, base: str) -> None:
    visit(page, f"{base}search/")
    page.locator('[data-kbs="page"] input').first.fill("客户 退货")
    page.locator(".kbs-facet input[value=negative]").check()
    page.get_by_role("button", name="最新").click()
    expect(page.get_by_role("button", name="最新")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".kbs-chosen")).to_have_count(1)
    titles = page.locator(".kbs-hit h3").all_inner_texts()
    other = chromium.new_context()
    shared = other.new_page()
    visit(shared, page.url)
    expect(shared.locator(".kbs-chosen")).to_have_count(1)
    expect(shared.locator(".kbs-hit")).to_have_count(len(titles))
    assert shared.locator(".kbs-hit h3").all_inner_texts() == titles
    other.close()
