"""Names that are told by their form alone: several parts with a middle dot, or of other peoples' parts.

Written for this program. The patterns are in what Python's and JavaScript's regular expressions have in
common; forms.js is the twin of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

DOTS = "·・•‧"
"""The middle dots that are written."""

SOUNDS = (
    "阿艾爱安巴拜班白布贝比别伯波博卜查达旦德丹迪丁东都杜尔额恩法菲夫费弗福伏甫盖干嘎噶尕格戈根贡古海罕汗翰合赫黑亨花华霍吉纪基加迦贾江居卡凯坎康"
    "考柯科克可肯库夸昆拉兰朗勒雷里力利莉丽连琳龙隆卢鲁罗洛伦马玛麦买曼茂梅美蒙米密敏明莫默姆木穆那娜纳乃南妮尼涅努诺欧帕潘派佩皮普其奇齐恰强乔切"
    "钦青琼丘热仁日茹若萨赛桑沙森莎舍史斯思司苏素索塔太泰唐特提汀廷铁图土吐托脱瓦外汪旺威维韦温沃乌吾伍西希夏逊雅亚扬杨耶叶伊依宜因英尤玉约孜泽扎"
    "詹珍朱卓兹宗祖呷牧则曲埃侯奥迈列略嫫孙生洪哈再佐宁玖坚赞增措央地"
)
"""The characters with which names of other languages are written."""

NO_NAME = "德勒|路|街|店|酒店|集团|公司|沙漠|草原|山|河|湖|县|乡|镇|村|旗|机场|款|系列|品牌"
"""What goes on behind what is no person's name, but a place or a brand that is called after one."""

DOTTED = f"[{SOUNDS}]{{2,10}}(?:[{DOTS}][{SOUNDS}]{{2,10}}){{1,2}}(?!{NO_NAME})"
"""A name of two or three parts: 阿依古丽·买买提."""

_TIBETAN = """
    扎西 卓玛 央金 次仁 格桑 索朗 卓嘎 旺堆 多吉 顿珠 平措 达瓦 尼玛 巴桑 拉姆 德吉 白玛 丹增 洛桑 仁青 仁增 贡布 边巴 普布 普琼 米玛 拉巴 强巴 曲珍
    旺姆 旺久 旺扎 旦增 朗杰 班觉 曲扎 罗布 桑珠 桑杰 嘎玛 噶玛 加央 益西 阿旺 土登 图登 赤列 群培 群宗 曲宗 央宗 央珍 拉珍 白珍 仓决 才让 才旦 才仁
    多杰 南杰 华旦 完玛 卓尕 德庆 德钦 江白 江央 晋美 坚赞 罗追 旺青 贡嘎 贡觉 尕藏 更登 桑吉 泽仁 泽翁 洛绒 四郎 甲央 降央 晋美 措姆 云丹 嘉措 坚参
"""
_MONGOLIAN = """
    乌力吉 巴特尔 巴图 其木格 其其格 格日勒 格日乐 图雅 托娅 娜仁 萨仁 高娃 乌兰 朝鲁 朝克图 呼和 苏和 苏日娜 阿拉坦 阿拉腾 斯琴 宝音 那日苏 那顺 孟和
    孟克 毕力格 必力格 达来 青格勒 敖日格勒 敖登 哈斯 额尔敦 额尔德尼 特木尔 铁木尔 特古斯 吉日嘎拉 吉雅 满都拉 满达 牧仁 其力格尔 恩和 恩克 包力格 塔娜
    巴雅尔 苏布德 乌云 乌日娜 奥云 阿木古楞 道尔吉 毕勒格 德力格尔 朝格图 萨如拉 照日格图 图门 都仁
"""
_TURKIC = """
    古丽 买买提 麦麦提 买提 阿依 阿不都 阿卜杜 阿布都 艾合买提 艾买提 吐尔逊 吐尔洪 吐尔孙 玉素甫 玉山江 艾力 阿里木 阿迪力 努尔 木拉提 买合木提 热合曼
    热依木 热西提 依明 伊明 依不拉音 库尔班 尼亚孜 肉孜 萨吾提 司马义 斯马义 卡德尔 卡斯木 帕提 帕夏 阿孜古丽 阿娜尔 迪丽 热巴 佐热 米热 巴哈尔 再努尔
    热娜 塔依尔 艾尼 艾山 艾孜孜 居马 居来提 木合塔尔 乌斯曼 奥斯曼 亚森 亚库甫 牙生 玉苏普 沙吾提 沙比尔 吾买尔 吾斯曼
"""


def _parts(text: str) -> str:
    """The parts as alternatives, the longest first."""
    return "|".join(sorted(set(text.split()), key=lambda part: (-len(part), part)))


PARTS = ((_parts(_TIBETAN), ""), (_parts(_MONGOLIAN), ""), (_parts(_TURKIC), "|江|汗|罕|别克"))
"""The parts of each people's names, and what only ends a name of theirs besides."""

_ALL = "|".join(f"(?:{parts})(?:{parts}{ends}){{1,2}}" for parts, ends in PARTS)
PEOPLES = f"(?:{_ALL})(?!{NO_NAME})"
"""A name of two or three parts of one people's names: 卓玛央金."""

_EVERY = (_TIBETAN + _MONGOLIAN + _TURKIC).split()
BEGIN = f"[{''.join(sorted({part[0] for part in _EVERY}))}](?=[{''.join(sorted({part[1] for part in _EVERY}))}])"
"""How one of PEOPLES begins: looked for first, it makes the search fifty times faster."""

_pairs = {part[:2] for part in _EVERY}
_begin = re.compile(BEGIN)
_dotted = re.compile(DOTTED)
_peoples = re.compile(PEOPLES)


def names_by_form(text: str) -> Iterator[tuple[int, int]]:
    """From where to where names stand in a text as read; first those with dots."""
    if "·" in text or "・" in text or "•" in text or "‧" in text:
        for match in _dotted.finditer(text):
            yield match.span()
    taken_to = 0
    for begin in _begin.finditer(text):
        start = begin.start()
        if start < taken_to or text[start : start + 2] not in _pairs:
            continue
        if whole := _peoples.match(text, start):
            taken_to = whole.end()
            yield whole.span()
