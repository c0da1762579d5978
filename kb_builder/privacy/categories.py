"""The kinds of personal data, and how each is named to editors."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Wording:
    """How a category is spoken of: `label` in messages, `mark` what takes its place when a text is
    redacted, `hint` what to write instead.
    """

    label: str
    mark: str
    hint: str


class Category(Enum):
    """A kind of personal data; the value is its name in vectors, settings and the browser."""

    ORDER = "order"
    EMAIL = "email"
    COMPANY = "company"
    RESIDENT = "resident"
    VIN = "vin"
    CARD = "card"
    PASSPORT = "passport"
    PHONE = "phone"
    PLATE = "plate"
    ACCOUNT = "account"
    IP = "ip"
    LABELLED = "labelled"
    ADDRESS = "address"
    NAME = "name"

    @property
    def wording(self) -> Wording:
        """How it is spoken of."""
        return _WORDINGS[self]


_WORDINGS = {
    Category.ORDER: Wording("订单或工单号码", "单号", "改为“订单一笔”，或用本库的案例编号"),
    Category.EMAIL: Wording("电子邮箱", "邮箱", "改为“客户的邮箱”"),
    Category.COMPANY: Wording("统一社会信用代码", "代码", "改为“某公司”“某个体户”，不写代码"),
    Category.RESIDENT: Wording("身份证号", "证件", "改为“已核对证件”，不写号码"),
    Category.VIN: Wording("车架号", "车架", "改为车型和年份，不写车架号"),
    Category.CARD: Wording("银行卡号", "卡号", "改为“原付款卡”，不写号码"),
    Category.PASSPORT: Wording("护照或通行证号", "证件", "改为“已核对证件”，不写号码"),
    Category.PHONE: Wording("电话号码", "电话", "改为“来电号码”，或写成 138****1234 的样子"),
    Category.PLATE: Wording("车牌号", "车牌", "改为“客户的车”，不写车牌"),
    Category.ACCOUNT: Wording("微信或 QQ 号", "账号", "改为“客户的微信”，不写号码"),
    Category.IP: Wording("网络地址", "地址", "改为“异地登录”一类的说法，不写地址"),
    Category.LABELLED: Wording("栏目里的姓名或生日", "客户", "删去这一栏，或写“张先生”“客户甲”"),
    Category.ADDRESS: Wording("详细地址", "住址", "写到区县或小区为止，不写门牌和房号"),
    Category.NAME: Wording("真实姓名", "客户", "改为“张先生”“王女士”，同事写岗位"),
}
