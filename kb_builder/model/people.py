"""Whether a short text is a person's name rather than a role."""

from __future__ import annotations

import re

SURNAMES = tuple(
    re.findall(
        r"\S+",
        """
    欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 申屠 赫连 澹台 淳于 呼延 拓跋 公冶 令狐 夏侯 司徒 宇文 长孙 独孤 南宫 端木 轩辕 钟离 闻人
    王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗 郑 梁 谢 宋 唐 许 韩 邓 冯 于 曹 彭 曾
    肖 田 董 袁 潘 蒋 蔡 余 杜 叶 程 苏 魏 吕 丁 任 卢 姚 沈 钟 姜 崔 谭 陆 范 汪 廖 石 金 韦 贾 夏 付
    方 邹 熊 孟 秦 邱 江 尹 薛 闫 段 雷 侯 龙 史 陶 黎 贺 顾 毛 郝 龚 邵 万 钱 严 覃 武 戴 莫 孔 向 汤 温
    康 施 文 牛 樊 葛 邢 安 齐 易 乔 伍 庞 颜 倪 庄 聂 章 鲁 岳 翟 申 欧 耿 关 兰 焦 俞 左 柳 甘 祝 包 宁
    尚 符 舒 阮 柯 纪 梅 童 凌 毕 单 季 裴 霍 涂 成 苗 谷 曲 盛 冉 骆 蓝 路 游 辛 靳 管 柴 蒙 鲍 华 喻 祁
    房 滕 屈 饶 解 牟 艾 尤 阳 时 穆 农 司 卓 古 吉 缪 简 车 项 连 芦 麦 褚 娄 窦 戚 岑 党 宫 费 卜 冷 晏
    席 卫 米 柏 宗 瞿 桂 全 佟 应 臧 闵 苟 邬 边 卞 姬 师 和 仇 栾 隋 商 刁 沙 荣 巫 寇 桑 郎 甄 丛 仲 虞
    敖 巩 明 佘 池 查 麻 苑 迟 邝 阎 詹 匡 蔺 芮 储 阙 冼 郜 亓 逄 鄢 扈 濮 鞠 蒲 裘 竺 戎 邰 厉 宓 郗
    常 乐 傅 萧 湛 禹 狄 贝 谈 茅 危 殷 洪 翁 赖 廉 郁 杭 诸 钮 荀 惠 封 羿 糜 巴 乌 牧 隗 伊 祖 景 幸 屠 胥 闻 莘 劳 宰 郦 雍
    郤 庾 戈 习 宦 慕 茹 奚 昌 花 皮 凤 强 白 云 元 平 满 权 丰 沃 殳 蔚 夔 隆 晁 訾 阚 束 韶 蓟 谌 邸 綦 昝 郇 璩 仉 缑 禚 酆 谯 燕 冀 郏 浦 寿 索 巢 蒯 荆 逯
    伏 粟 尧 仝 亢 桓 茆 泮 笪 呙 琚 嵇 郄 禤 矫 揭 栗 帅 朴 檀 鹿 隽
    """,
    )
)
"""The common surnames; those of two characters first."""

_NAME = re.compile(
    rf"(?:{'|'.join(SURNAMES)})(?:[一-鿿]{{1,2}}|某某?|先生|女士|小姐|经理|总|工|师傅)\Z"
)
_LATIN_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+\Z")


def looks_like_name(text: str) -> bool:
    """Whether `text`, which is no known role, has the form of a name.

    >>> looks_like_name("张伟"), looks_like_name("李经理"), looks_like_name("客服组长")
    (True, True, False)
    """
    return bool(_NAME.match(text) or _LATIN_NAME.match(text))
