"""The patterns of numbers, accounts and addresses.

Each is written in what Python's and JavaScript's regular expressions have in common (no `\\d`, `\\w`,
`\\s`, no named groups, no flags), because the browser runs the very same ones. They look at text as
reading.py leaves it. Group 1 is the personal part.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb_builder.privacy.categories import Category

END = "(?![^a]|a)"
"""The end of the text, a line end before it not aside, in both languages (`$` differs)."""

_SEP = r"[ \-.·•_/—–~]{0,2}\n?"
_ALONE = r"(?<![0-9A-Za-z])"
_ENDS = r"(?![0-9A-Za-z])"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern with what must hold besides.

    `test` names the function of candidates.py that judges the match. `near` must be found in the 16
    characters before it or the 8 after it, `never_before` must not end right before it (a space aside),
    `never_after` must not begin right after it. `reach` is what belongs to it of the text before: a
    pattern that begins with something rare is found many times faster. Of the `triggers`, one is in
    the text wherever the pattern can be found.
    """

    category: Category
    pattern: str
    test: str = ""
    near: str = ""
    never_before: str = ""
    never_after: str = ""
    reach: str = ""
    triggers: tuple[str, ...] = ()


UNITS = "[ ]?(?:(?:多|余|万|亿|千|百)?(?:元|块|日元|美元|件|次|条|人次|人|单|台|个|位|名|篇|份|只|吨|公里|米|户|访客|字节)|[万亿%％])"
_MONEY = (
    "[￥¥$＄]|(?:额|合计|共计|金额|营收|收入|粉丝|浏览量|点击|播放量|库存|型号|版本|条码|EAN|ISBN)"
)
_TELEPHONE = (
    "电话|座机|固话|拨打|拨|致电|来电|回电|联系|热线|传真|号码|手机|[Tt][Ee][Ll]|[Pp]hone|打"
)
IDENTITY = "身份|证件|户口|[Ii][Dd]|居住证|身份证|户籍"
CARDS = "卡|银行|账号|帐号|账户|帐户|收款|打到|转到|退到|汇到|[Cc]ard"
ORDERS = "订单|单号|流水|运单|物流|快递|交易号|凭证号|随机数|条码|编号"

NUMBERS = (
    Pattern(
        Category.RESIDENT, f"{_ALONE}([1-8](?:{_SEP}[0-9]){{16}}{_SEP}[0-9Xx]){_ENDS}", "resident"
    ),
    Pattern(
        Category.RESIDENT,
        f"{_ALONE}([1-8][0-9]{{14}}){_ENDS}",
        "resident_15",
        near=IDENTITY,
    ),
    Pattern(Category.RESIDENT, f"{_ALONE}([A-Z]{{1,2}}[0-9]{{6}}[(（][0-9A][)）])", "hong_kong"),
    Pattern(Category.CARD, f"{_ALONE}([2-69](?:{_SEP}[0-9]){{14,18}}){_ENDS}", "card"),
    Pattern(
        Category.COMPANY,
        f"{_ALONE}([1-9ANY](?:[ \\-]?[0-9A-HJ-NP-RTUWXY]){{17}}){_ENDS}",
        "company",
    ),
    Pattern(
        Category.VIN, f"{_ALONE}([A-HJ-NPR-Z0-9](?:[ \\-]?[A-HJ-NPR-Z0-9]){{16}}){_ENDS}", "vin"
    ),
    Pattern(
        Category.PHONE,
        f"(?:{_ALONE}|(?<=[Tt][Ee][Ll])|(?<=[Pp]hone)|(?<=00)|(?<=\\+))"
        f"((?:(?:00|\\+)?86{_SEP})?1(?:{_SEP}[0-9]){{10}})(?![0-9A-Za-z]|\\.[0-9])",
        "mobile",
        never_before=_MONEY,
        never_after=UNITS,
    ),
    Pattern(
        Category.PHONE,
        "(?<![0-9A-Za-z\\-])((?:(?:00|\\+)?86[ \\-]?)?[(（]?0(?:10|2[0-9]|[3-9][0-9]{2})[)）]?[ \\-—–]{1,2}"
        "[2-8][0-9]{2,3}[ \\-]?[0-9]{4})(?![0-9A-Za-z]|\\.[0-9])",
        never_after=UNITS,
    ),
    Pattern(
        Category.PHONE,
        "(?<![0-9A-Za-z\\-])([(（]0(?:10|2[0-9]|[3-9][0-9]{2})[)）][2-8][0-9]{2,3}[ \\-]?[0-9]{4})(?![0-9A-Za-z])",
    ),
    Pattern(
        Category.PHONE,
        f"{_ALONE}(0(?:10|2[0-9]|[3-9][0-9]{{2}})[2-8][0-9]{{6,7}})(?![0-9A-Za-z]|\\.[0-9])",
        near=_TELEPHONE,
        never_after=UNITS,
    ),
    Pattern(
        Category.PHONE,
        "(?<![0-9A-Za-z\\-])((?:\\+|00)[1-9][0-9]{0,2}[ \\-]?[(（]?[0-9]{1,4}[)）]?(?:[ \\-]?[0-9]{2,5}){1,4})(?![0-9A-Za-z])",
        "abroad",
    ),
    Pattern(
        Category.PHONE,
        "(?<![0-9A-Za-z\\-.])(?<![0-9][ ])([2-8][0-9]{2,3}[ \\-]?[0-9]{4})(?![0-9A-Za-z]|[ \\-.][0-9])",
        near="座机|固话|电话|联系方式|传真|拨打|致电|回电|号码|[Tt]el|TEL|[Pp]hone",
        never_after=UNITS,
    ),
    Pattern(
        Category.IP,
        "(?<![0-9A-Za-z.])((?:[0-9]{1,3}\\.){3}[0-9]{1,3})(?![0-9A-Za-z]|\\.[0-9])",
        "ip",
        near="[Ii][Pp]|登录|登陆|访问|地址|来源|来自|日志|客户端|请求|[Ff]orwarded|[Rr]emote",
    ),
)
"""Tried, in this order, on every run of letters, digits and separators with six digits or more."""

_DOMAIN = "(?:[A-Za-z0-9](?:[A-Za-z0-9\\-]{0,61}[A-Za-z0-9])?\\.){1,5}[A-Za-z]{2,18}"
_MAILBOX = f"[A-Za-z0-9][A-Za-z0-9._%+\\-]{{0,63}}{END}"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_NUMBER_OF = "[ ]?(?:号码|号|[Ii][Dd]|账号|帐号)?[ ]?(?:[:：=（(|]|是|为)*[ ]?"
_WECHAT_ID = f"{_NUMBER_OF}([A-Za-z][A-Za-z0-9_\\-]{{5,19}})(?![A-Za-z0-9_.*\\-])"

# Where a class of characters comes first and what may not stand before it after that, the search for
# it is several times faster; hence lookbehinds that begin with the class once more.
OTHERS = (
    Pattern(
        Category.EMAIL,
        f"(@{_DOMAIN})(?![A-Za-z0-9\\-]|\\.[A-Za-z0-9])",
        "email",
        reach=_MAILBOX,
        triggers=("@",),
    ),
    Pattern(
        Category.EMAIL,
        f"([(\\[（【][ ]?[Aa][Tt][ ]?[)\\]）】][ ]?{_DOMAIN})(?![A-Za-z0-9\\-]|\\.[A-Za-z0-9])",
        "email",
        reach="[A-Za-z0-9][A-Za-z0-9._%+\\-]{0,63}[ ]?" + END,
        triggers=("at)", "at]", "at）", "at】", "at )", "at ]", "AT)", "AT]", "At)", "At]"),
    ),
    Pattern(
        Category.ACCOUNT,
        f"(?:微信|威信|薇信|[Vv]信){_WECHAT_ID}",
        "wechat",
        triggers=("微信", "威信", "薇信", "V信", "v信"),
    ),
    Pattern(
        Category.ACCOUNT,
        f"(?<![A-Za-z])(?:[Ww]e[Cc]hat|[Ww]eixin|[VvWw][Xx]){_WECHAT_ID}",
        "wechat",
        triggers=("echat", "eChat", "eixin", "wx", "WX", "Wx", "vx", "VX", "Vx", "vX"),
    ),
    Pattern(
        Category.ACCOUNT,
        f"(?:(?<![A-Za-z])[Qq][Qq]|扣扣|企鹅){_NUMBER_OF}([1-9][0-9]{{4,10}})(?![0-9A-Za-z]|[.*][0-9*])",
        never_after=UNITS,
        triggers=("QQ", "qq", "Qq", "qQ", "扣扣", "企鹅"),
    ),
    Pattern(
        Category.IP,
        "([23](?<![0-9A-Za-z:][23])[0-9A-Fa-f]{3}(?::[0-9A-Fa-f]{0,4}){2,7})(?![0-9A-Za-z:])",
        "ipv6",
        triggers=(":",),
    ),
    Pattern(
        Category.IP,
        "(?<![0-9A-Za-z:\\-])([0-9A-Fa-f]{2}(?:[:\\-][0-9A-Fa-f]{2}){5})(?![0-9A-Za-z:\\-])",
        near="MAC|mac|物理地址|设备|网卡",
        triggers=("MAC", "mac", "物理地址", "设备", "网卡"),
    ),
    Pattern(
        Category.PASSPORT,
        f"{_ALONE}((?:[EGPDSKegpdsk][0-9]{{7,8}}|[Ee][A-HJ-NP-Z][0-9]{{7}}|[Ss][EPep][0-9]{{7,8}}|[HMhm][0-9]{{8,10}}|[Cc][0-9A-Z][0-9]{{7}}|[WTLwtl][0-9]{{8}})){_ENDS}",
        near="护照|[Pp]assport|PASSPORT|通行证|回乡证|台胞证|居留证|签证",
        triggers=("护照", "assport", "PASSPORT", "通行证", "回乡证", "台胞证", "居留证", "签证"),
    ),
    Pattern(
        Category.PASSPORT,
        f"{_ALONE}([0-9]{{8}}(?:[0-9]{{2}})?){_ENDS}",
        near="台胞证|台湾居民",
        triggers=("台胞证", "台湾居民"),
    ),
    Pattern(Category.PASSPORT, "([军武士文警]字第[ ]?[0-9]{5,9}号?)", triggers=("字第",)),
    Pattern(
        Category.PLATE,
        f"([{_PROVINCES}](?<![A-Za-z0-9].)[A-HJ-NP-Za-hj-np-z][ ·•.\\-]{{0,2}}(?:[0-9A-HJ-NP-Za-hj-np-z]{{4}}[挂学警港澳领]|[0-9A-HJ-NP-Za-hj-np-z]{{5,6}})){_ENDS}",
        "plate",
        never_before="全|最|崭|更|创|重",
        never_after="[ ]?(?:型|款|系列|米|元|人)",
    ),
)
"""Tried, in this order, on the whole text."""

_NUM = "[0-9A-Za-z一二两三四五六七八九十百零〇甲乙丙丁]"
_BLOCK = f"{_NUM}{{1,4}}[ ]?(?:号楼|号院|栋|幢|座|弄|期|区|单元|门|楼|层|号|组)[ \\-]?"
_ROOM = "(?:[0-9A-Za-z]{1,5}|[一二三四五六七八九十百零〇]{2,6})(?:号房|室|房间|房(?!间|子|产|屋))|[0-9]{3,4}(?![0-9A-Za-z年月日元人户家个米名套次平件度]|多|余|[.%％])"
_FLAT = "[0-9]{1,3}(?:-[0-9]{1,4}){1,2}(?![0-9])"
_HOUSE = f"[0-9A-Za-z一二三四五六七八九十]{{1,3}}[ ]?(?:号楼|栋|幢|单元|号门)(?:{_ROOM})?"
_CHAIN = f"(?:{_BLOCK}){{1,5}}(?:{_ROOM})"

ADDRESSES = (
    Pattern(
        Category.ADDRESS,
        f"((?:路|街|大道|巷|胡同|弄堂|弄)(?:[东南西北中一二三四五六七八九十]{{1,3}}[路段巷])?"
        f"[ ]?(?:甲|乙|附)?{_NUM}{{1,5}}(?:-[0-9]{{1,3}})?(?:号(?:附{_NUM}{{1,4}}号?)?(?:[一-龥0-9]{{0,10}}?(?:{_CHAIN}|{_FLAT}|{_HOUSE}|[前后]座{_ROOM}))?|弄{_CHAIN}))",
        "road",
        never_after="线|口|出口|站|楼梯|店|窗|桥|公交|车|文|令|函|营业|大厅|政务|服务|门店|线路|通知|公告",
        reach="(?:[一-龥]{2}省)?(?:[一-龥]{2}市)?[一-龥]{1,8}[0-9]{0,3}期?" + END,
    ),
    Pattern(
        Category.ADDRESS,
        f"(道[0-9]{{1,4}}号(?:(?:[增附][0-9]{{1,3}}号)?[一-龥0-9]{{0,10}}?(?:{_CHAIN}|{_FLAT}|{_HOUSE}))?)",
        "road",
        never_after="线|口|出口|站|店|窗|令|函|通知|公告",
        reach="[一-龥]{0,6}[市区县镇][一-龥]{2,4}" + END,
        triggers=("道",),
    ),
    Pattern(
        Category.ADDRESS,
        f"((?:号楼|号院|栋|幢|座|弄|单元)[ \\-]?(?:{_BLOCK}){{0,4}}(?:{_ROOM}))",
        "chain",
        reach=f"(?:[一-龥]{{2,12}}[ ]?)?(?:{_BLOCK}){{0,4}}{_NUM}{{1,4}}[ ]?{END}",
    ),
    Pattern(
        Category.ADDRESS,
        "([0-9](?<![0-9\\-][0-9])[0-9]{0,2}-[0-9]{1,3}-[0-9]{3,4})(?![0-9\\-])",
        "flat",
        reach="[一-龥]{2,10}(?:城|园|苑|里|区|府|庭|湾|居|村|寓|厦|郡|邸|阁|台)" + END,
        triggers=("-",),
    ),
    Pattern(
        Category.ADDRESS,
        f"((?:村|屯|寨|庄|坪|湾|坳)(?:第?{_NUM}{{1,3}}(?:村民小组|组|队|社))[ ]?{_NUM}{{1,4}}号)",
        reach="[一-龥]{1,10}" + END,
        triggers=("组", "队", "社"),
    ),
)
"""Tried, in this order, on the whole text."""

BAD_ROAD = "线思电网套销门来出管铁公马走上下过半顺引领带气油一两几条这那此小老"
"""Characters before 路 that make it no road with houses."""

NOT_ADDRESS = "门店地址|办公地址|公司地址|营业地址|单位地址|总部地址|网点地址|办公地点"
"""Words before an address that say it is a business's."""

RUN = "(?:[+(（]?[0-9A-Za-z])[0-9A-Za-z \\-.·•_/—–~+()（）\\n]{4,}[0-9A-Za-z)）]"
"""What may hold a number: letters, digits and what stands between them."""

DATE = (
    "(?:19|20)[0-9]{2}(?:[\\-./ ][01]?[0-9][\\-./ ][0-3]?[0-9](?:[ T][0-2]?[0-9])?"
    "|[01][0-9][0-3][0-9](?:[0-2][0-9][0-5][0-9](?:[0-5][0-9])?)?)"
)
"""A run that is a date and holds no number."""
