"""The words by which names, addresses and labelled fields are told from other text.

Written for this program; the surnames are those of model/people.py. The browser gets the same lists
(`portable` in portable.py), so a word added here counts there too.
"""

from __future__ import annotations

from collections.abc import Iterable


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def by_character(words: Iterable[str], at: int) -> dict[str, tuple[str, ...]]:
    """The words by their character at an index, for a look at those few that can stand in a place.

    >>> by_character(["客户", "用户", "店员"], -1)
    {'户': ('客户', '用户'), '员': ('店员',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        found[word[at]] = (*found.get(word[at], ()), word)
    return found


WEAK = frozenset(
    "管应时全成向连解单查于明项席都尚边费农商房党常乐强白云元平满权丰花危索隆寿祖景惠昌封巴"
)
"""Surnames that are words as well: a name of two characters counts only where it ends a phrase."""

NOT_LAST = frozenset("小大有未非多可任自作向特索直率合相过边行可己非知")
"""Those of them with which hardly any name ends."""

BEFORE = _words(
    """
    客户 顾客 消费者 用户 买家 卖家 业主 车主 房主 住户 居民 市民 村民 旅客 乘客 游客 患者 病人 家属 会员 学员 学生 家长
    投保人 持卡人 储户 投诉人 投诉者 举报人 反映人 来电人 来访人 留言人 当事人 联系人 收件人 收货人 寄件人 申请人 报案人
    店员 店长 员工 职员 同事 客服 专员 坐席 话务员 接线员 营业员 收银员 导购 导购员 销售员 销售 顾问 业务员 司机
    快递员 骑手 外卖员 技师 技工 安装工 维修工 维修员 安装员 保安 保洁 管家 经理 主管 主任 组长 班长 队长 科长 处长 局长
    院长 校长 董事长 总裁 老板 老板娘 负责人 责任人 经办人 医生 大夫 护士 老师 教练 律师 会计 出纳 工程师 记者 民警 警官
    法官 书记 镇长 村长 女儿 儿子 孩子 丈夫 妻子 老公 老婆 爱人 父亲 母亲 哥哥 弟弟 姐姐 妹妹 奶奶 爷爷 外婆
    外公 朋友 同学 邻居 房东 租客 本人 我叫 名叫 他叫 她叫 就叫 叫做 我是 他是 她是 人是 化名 真名 全名 厨师 服务员 代办员
    侄子 侄女 外甥 舅舅 姑姑 表哥 表弟 表姐 表妹 堂哥 堂弟 孙子 孙女 岳父 岳母 婆婆 公公 媳妇 儿媳 女婿 嫂子 阿姨 叔叔 大伯 闺蜜 室友 搭档 徒弟 师父 老乡
    战友 男友 女友 未婚妻 未婚夫 保姆 月嫂 护工 辅导员 园长 站长 厂长 社长 部长 馆长 所长 教授 技术员 检测员 质检员 仓管 库管 配送员 送货员
    送餐员 送水工 装修工 木工 电工 监理 设计师 理赔员 查勘员 信贷员 柜员 理财师 经纪人 中介 助理 秘书 采购 调解员 讲解员 乘务员 列车员 售票员 检票员 引导员
    督导 专家 药师 验光师 美容师 发型师 摄影师 化妆师 收费员 抄表员 社工 网格员 接线 审核员 操作员 管理员 巡查员
    行长 护士长 审判长 庭长 县长 市长 区长 乡长 厅长 司长 股长 学长 团长 楼长 总监 董事 监事 股东 创始人 合伙人 协调员 定损员 核保员 核赔员 保险员
    代理人 受益人 保险人 出险人 担保人 借款人 贷款人 承租人 出租人 买受人 委托人 监护人 继承人 债权人 债务人 承包人 发包人 法定代表人 上诉人 申诉人
    承办人 跟进人 处理人 接待人 签收人 值班人 介绍人 推荐人 主持人 牵头人 鉴定人 证人 原告 被告 受害人 受害者 肇事者 伤者 死者 逝者 失主 机主 户主 货主 店主 摊主 雇主
    买主 卖主 群主 租户 房客 住客 客人 网友 产妇 孕妇 患儿 病患 伤员 病友 陪护 医师 药剂师 麻醉师 康复师 检验师 讲师 培训师 育婴师 咨询师 评估师 公证员 书记员
    校医 宿管 导师 助教 教官 考生 学姐 学弟 学妹 舍友 实习生 毕业生 研究生 志愿者 保洁员 保安员 门卫 楼管 协管员 城管 交警 辅警 检察官 科员 办事员 调度员 分拣员
    理货员 促销员 售货员 派件员 装卸工 搬运工 抄表工 检修工 修理工 清洁工 环卫工 钟点工 临时工 油漆工 焊工 瓦工 钳工 工头 领队 导游 内勤 网管 组员 队员
    爸 妈 我爹 我娘 我哥 我姐 我弟 我妹 我儿 大哥 二哥 小哥 大姐 二姐 小弟 小妹 其父 其母 其妻 其夫 其子 其女 其兄 其弟 其姐 其妹 之子 之女 之妻 之夫 祖父 祖母 姥姥 姥爷
    伯父 伯母 伯伯 叔父 婶婶 姑父 姨父 小姨 大姨 外甥女 外孙 侄儿 堂姐 堂妹 养父 养母 继父 继母 亲家 大舅 小舅子 前妻 前夫 姐夫 妹夫 弟媳 弟妹
    长子 次子 长女 次女 幼子 独子 独女 孙儿 老伴 配偶 恋人 干爹 发小 亲戚 亲属
    主播 博主 伙伴 领导 代表 职工 支书 干部 委员 党员 教师 工人 民工 老人 师傅 先生 女士 小姐 弟子 学徒 新人 经销商
    """
)
"""What a full name follows without anything between but brackets, quotation marks and the like."""

AFTER = _words(
    """
    先生 女士 小姐 同志 老师 师傅 经理 主任 主管 店长 医生 大夫 护士 律师 警官 教练 同学 大哥 大姐 阿姨 叔叔 本人 科长 处长
    局长 院长 校长 组长 班长 队长 书记 工程师 教授 来电 致电 来信 来访 来函 反映称 投诉称 表示 声称 自称 认为 回忆 签收 （男
    （女 ，男 ，女 (男 (女
    """
)
"""What a full name is followed by."""

GOES_ON = "在的说称是与和及向把等要已也将被只未曾"
"""With what a text goes on after a name whose last character is rare in names."""

PLACES = _words(
    "湖 镇 乡 村 街 县 市 区 桥 铺 坪 州 小区 花园 社区 大厦 广场 新城 山庄 家园 公寓 学校 中学 医院 公司 超市 "
    "大楼 大道 中路 冲路 电站 实业 集团 会展 故居 族 孙村"
)
"""What a place's name ends with: a name right before one of these is part of it."""

HONORIFICS = (
    "先生",
    "女士",
    "小姐",
    "大姐",
    "大哥",
    "老师",
    "师傅",
    "经理",
    "工程",
    "小妹",
    "大爷",
    "律师",
    *_words(
        "科长 所长 股长 站长 书记 支书 镇长 乡长 村长 组长 班长 局长 处长 校长 院长 队长 部长 县长 市长 区长 主任"
    ),
    *_words(
        "朋友 医生 大夫 护士 同志 姑娘 阿姨 叔叔 教练 警官 法官 会计 司机 老板 行长 庭长 厂长 园长 馆长"
    ),
    "伯父",
    "伯母",
)
"""With a surname alone they name nobody; their first character may be that of a given name."""

LINKS = (
    "由",
    "被",
    "与",
    "和",
    "跟",
    "向",
    "给",
    "请",
    "找",
    "让",
    "是",
    "对",
    "派",
    "及",
    "叫",
    "问",
)
"""Words before a name that count only when one of DEEDS follows it."""

DEEDS = _words(
    """
    负责 跟进 处理 接待 签收 联系 上门 接听 受理 登记 沟通 说明 解释 道歉 回访 赔礼 答复 陪同 转告 核实 领取 代办 保管 接手 跟单 签字 签的 签订 代签 牵头 垫付 审批 审核
    骂 打 推 来修 送货 安装 维修 主持
    """
)
"""What somebody whose name follows one of LINKS does."""

FOLLOWING = _words(
    """
    来 回 说 称 表示 反映 反馈 要求 投诉 致电 要 在 于 到 打 因 对 的 和 与 及 向 先生 女士 小姐 同志 老师 师傅 经理 主任 医生
    明天 今天 今年 明年 有 已 没 不 未 进 过 发 自 作 多 任 可 小 大 行 先 非 相 知 家 也 还 都 就 又 再 从 把 被 将 是 才
    道歉 上 下 立即 马上 当场 当天 当晚 全 特 一直 成功 成为 直接 合同 名下 名义 生病 生气 高兴 连 平时 平日 年前 年后 月底 月初 日前 日后 明确
    安装 安排 联系 信用 信任 立刻 照 同意 真 方 过来 过去 理 学 水 电 车 房 领 迎 运 来电 天 水 采 路 特别 等 之 他 她 们 家里 家中 父 母 夫妇 夫妻 一家 一行 同意 进门 进店 先后 律师 满意 宽带 景区
    """
)
"""With what a text goes on after a name: a third character that begins one of these is not a name's."""

FIELDS = _words(
    """
    姓名 名字 真实姓名 客户姓名 顾客姓名 车主姓名 用户姓名 投诉人姓名 联系人姓名 联系人 收件人 收货人 收件人姓名 收货人姓名 寄件人
    发件人 户名 开户名 账户名 持卡人 开户人 经办人 申请人 投保人 被保险人 受益人 法定代表人 法人 法人代表 签名 签字 签收人 责任人
    当事人 投诉人 被投诉人 举报人 来电人 来访人 车主 业主 户主 监护人 紧急联系人 家属姓名 患者姓名 病人姓名 学生姓名 家长姓名
    承租人 出租人 买受人 委托人 代理人 担保人 经手人 受理人 收款人 付款人 发货人 投诉对象
    """
)
"""Labels of fields that hold a person's name."""

DUTIES = _words(
    """
    经办 复核 审批 审核 审核人 复核人 审批人 承办 制单 制单人 制表 制表人 填表人 填单人 填报人 记录 记录人 参会 参会人员 出席 列席 主持 签发 签发人
    拟稿 拟稿人 核稿 校对 校对人 人员 回访人 接单人 派单人 代书 代书人 代签 值班 当班 操作 操作人 督导 批准 批准人 会签 汇报人 报告人 证明人
    交接人 移交人 接收人 领用人 验收 验收人 检查人 质检 收银 联络人 对接人 陪同 陪同人 随行
    """
)
"""Labels of what somebody does; only a name with nothing behind it is taken for one."""

SURE_FIELDS = "姓[ 　]*名|联系人|[收寄发]件人|收货人|户名|持卡人|开户人|经办人|保险人|受益人|法定代表人|签[名字]"
"""Those after which any short word is taken for a name, whatever its surname."""

LATIN_FIELDS = ("name", "contact", "customer", "customer_name", "full name", "fullname", "realname")
"""The same in English; what follows counts when it has the form of a name."""

BIRTHDAYS = ("出生日期", "出生年月日", "出生年月", "生日", "生于", "出生于")
"""Labels of fields that hold a birthday."""

NOT_VALUES = _words(
    """
    客户 顾客 用户 本人 保密 匿名 不详 未知 未填 未签 未留 无 空 略 待填 待定 待补 同上 见附 不便 某 先生 女士 小姐 经理 主管
    主任 店长 师傅 组长 专员 客服 部 中心 公司 门店 岗 值班 负责人 管理员 老板 法务 财务 人事 员 长 会 局 科 处 室 所 站 委 厅
    店 银行 集团 我 你 他 她 是 的 有 没 请 必填 选填 一栏 不全 齐全 正确 错误 有误 写错 填错 不符 不对 一致 相符 以及 或 及 和
    与 签字 签名 号码 电话 地址 性别 年龄 信息 情况 已 均 可 应 要 在 对 为 向 称 表示 反映 投诉 要求 来电 都 由 因 等
    """
)
"""Words that show that what follows a label names nobody."""

FOLLOWING_SURE = _words(
    "先生 女士 小姐 同志 老师 师傅 经理 主任 医生 来电 来过 来了 来的 来我 来取 来装 表示 反映 要求 投诉 明天 今天 今年 立即 马上 安装 安排 联系 先后"
)
"""Those of FOLLOWING that are never part of a name."""
