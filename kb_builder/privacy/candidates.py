"""Whether what a pattern found is the thing: the tests that patterns.py names.

A test gets the personal part as read, and the text before and after it; it gives how many characters
to leave out at the start, or None where it is something else. candidates.js is the twin of this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kb_builder.privacy import checks
from kb_builder.privacy.patterns import BAD_ROAD, CARDS, END, IDENTITY, NOT_ADDRESS, ORDERS

Test = Callable[[str, str, str], int | None]
"""(personal part, text before, text after) → characters to leave out at the start, or None."""

PATTERNS = {
    "mobile": "1(?:3[0-9]|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])[0-9]{8}$",
    "calling": "电话|座机|拨|致电|来电|回电|联系|号码|手机|[Tt][Ee][Ll]|[Pp]hone|打|微信|加我",
    "identity": IDENTITY,
    "card": CARDS,
    "order": ORDERS,
    "vehicle": "车架|[Vv][Ii][Nn]|识别代号|识别码|底盘|大架",
    "tax": "信用代码|税号|识别号|执照|代码|开票",
    "serial": "[Ii][Mm][Ee][Ii]|串号|机身码|序列号",
    "card_start": "^(?:4|5[1-5]|2[2-7]|3[457]|60|62|9558|9111)",
    "version": "版本|固件|内核|升级|[Vv]ersion|[Cc]hrome|[Aa]pp|[Vv](?![^a]|a)|掩码|网关",
    "no_account": "^(?:iphone|android|ipad|windows|mac|app|ios|pro|version|wechat|weixin|official|payment|open)",
    "explicit": "(?:号|[Ii][Dd]|[:：=（(|是为])[ ]?" + END,
    "no_mail": "@example[.]|@.*[.]example[.]|^git@|[.](?:png|jpe?g|gif|svg|webp|md|js|css|json|html?|py|ya?ml|test|invalid|example|local)$",
    "building": "号楼|栋|幢|座|单元|弄|号院",
    "before_address": "^.*(?:住在|家住|居住|住址|地址|送货到|送到|寄到|寄往|送往|户籍|暂住|租住|家在|住|是|的|在|到|于|该|对|将|把|称|以|投诉|举报|藏身|工作人员|客户|业主|楼上|楼下|位于|前往|上门|去|从)",
    "business": f"(?:{NOT_ADDRESS})[:：是为在 \n]*{END}",
    "road_name": "^[一-龥]+[0-9期]*(?=路|街|大道|道|巷|胡同|弄)",
    "big_road": "(?:国|省|县)道$",
    "block": "[0-9A-Za-z一二两三四五六七八九十百零〇甲乙丙丁]{1,4}[ ]?(?:号|栋|幢|座|弄|期|区|单元|门|楼|层|组)",
    "house": "^.*[号路街]",
}
"""By name, because the browser looks for the same."""

_GROUPS = frozenset(((11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (3, 5, 3)))
_NOT_DIGIT = re.compile("[^0-9]+")
_NOT_ALNUM = re.compile("[^0-9A-Za-z]+")
_compiled = {name: re.compile(pattern) for name, pattern in PATTERNS.items()}


def _has(name: str, text: str) -> bool:
    return _compiled[name].search(text) is not None


def _cut(name: str, text: str) -> int:
    """How far into the text the pattern reaches from its beginning."""
    match = _compiled[name].match(text)
    return match.end() if match else 0


def resident(found: str, before: str, _after: str) -> int | None:
    text = _NOT_ALNUM.sub("", found)
    if checks.resident(text):
        return 0
    # A slip of the pen is still somebody's number.
    return 0 if checks.resident_shape(text) and _has("identity", before) else None


def resident_15(found: str, _before: str, _after: str) -> int | None:
    return 0 if checks.resident_shape(found) else None


def hong_kong(found: str, _before: str, _after: str) -> int | None:
    return 0 if checks.hong_kong(_NOT_ALNUM.sub("", found)) else None


def card(found: str, before: str, _after: str) -> int | None:
    digits = _NOT_DIGIT.sub("", found)
    if not checks.luhn(digits) or not _has("card_start", digits):
        return None
    if _has("card", before):
        return 0
    if _has("order", before) or _has("serial", before):
        return None
    groups = [len(part) for part in _NOT_DIGIT.split(found)]
    if digits.startswith("62") and len(digits) in (16, 17, 18, 19):
        return 0
    return 0 if len(groups) > 3 and set(groups[:-1]) == {4} else None


def company(found: str, before: str, _after: str) -> int | None:
    text = _NOT_ALNUM.sub("", found)
    if not checks.company(text):
        return None
    # One number of eighteen digits in thirty-one passes the check.
    if text.isdigit() and not (text[:2] in ("91", "92", "93") or _has("tax", before)):
        return None
    return 0


def vin(found: str, before: str, _after: str) -> int | None:
    text = _NOT_ALNUM.sub("", found)
    if text.isdigit() or not any(char.isdigit() for char in text):
        return None
    if _has("vehicle", before):
        return 0
    letters = sum(char.isalpha() for char in text)
    usual = text[-4:].isdigit() and letters >= 3 and not text[0].isdigit()
    return 0 if usual and checks.vin(text) else None


def mobile(found: str, before: str, _after: str) -> int | None:
    digits = _NOT_DIGIT.sub("", found)
    if not _has("mobile", digits[-11:]):
        return None
    parts = [part for part in _NOT_DIGIT.split(found) if part]
    if len(digits) > 11 and parts[0] in ("86", "0086"):
        parts = parts[1:]
    groups = tuple(len(part) for part in parts)
    if (len(digits) > 11 and len(parts) == 1) or groups in _GROUPS or set(groups) == {1}:
        return 0
    return 0 if _has("calling", before) else None


def abroad(found: str, _before: str, _after: str) -> int | None:
    digits = _NOT_DIGIT.sub("", found)
    if found.startswith("00"):
        digits = digits[2:]
    return 0 if 9 <= len(digits) <= 15 and not digits.startswith("86") else None


def ip(found: str, before: str, _after: str) -> int | None:
    if any(int(part) > 255 or (len(part) > 1 and part[0] == "0") for part in found.split(".")):
        return None
    return 0 if checks.public_ip(found) and not _has("version", before) else None


def ipv6(found: str, _before: str, _after: str) -> int | None:
    return 0 if checks.public_ipv6(found) else None


def email(found: str, _before: str, _after: str) -> int | None:
    return None if _has("no_mail", found.lower()) else 0


def wechat(found: str, before: str, _after: str) -> int | None:
    if _has("no_account", found.lower()):
        return None
    if any(char in "0123456789_-" for char in found):
        return 0
    return 0 if _has("explicit", before) else None


def plate(found: str, _before: str, _after: str) -> int | None:
    text = _NOT_ALNUM.sub("", found)
    digits = sum(char.isdigit() for char in text)
    if len(text) == 7 and not (text[1] in "DFdf" or text[6] in "DFdf"):
        return None
    return 0 if digits >= 2 else None


def road(found: str, before: str, _after: str) -> int | None:
    named = _compiled["road_name"].match(found)
    if named is None or _has("business", before):
        return None
    start = _cut("before_address", named[0])
    name = named[0][start:]
    if len(name) < 2 or name[-1] in BAD_ROAD or _has("big_road", name):
        return None
    return start


def chain(found: str, before: str, _after: str) -> int | None:
    if not _has("building", found) or _has("business", before):
        return None
    first = _compiled["block"].search(found)
    return _cut("before_address", found[: first.start()] if first else "")


def flat(found: str, _before: str, _after: str) -> int | None:
    return _cut("house", found)


def declared(found: str, _before: str, _after: str) -> int | None:
    return 0 if sum(char.isdigit() for char in found) >= 4 else None


TESTS: dict[str, Test] = {
    each.__name__: each
    for each in (
        resident, resident_15, hong_kong, card, company, vin, mobile, abroad, ip, ipv6, email, wechat,
        plate, road, chain, flat, declared,
    )
}  # fmt: skip
