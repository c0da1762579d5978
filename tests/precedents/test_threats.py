"""Who says that he will go to a regulator, the press, the internet or a court is heard at once, and what is
only said is kept apart from what was done: the cues of this repository.
"""

from __future__ import annotations

import pytest
from known import Known

THREAT = "outside_threat"


@pytest.mark.parametrize(
    "text",
    [
        "我要去12315投诉，还要发到网上",
        "再不给我退，我就打１２３１５",
        "你们不处理我只好找市场监管局了",
        "信不信我打12345",
        "今天不给答复，工信部见",
        "流量费乱扣，我准备去工信部投诉",
        "利息算得不明不白，我要到银保监投诉你们",
        "再拖我就去消协告你们",
        "等著，我去消委會投訴",
        "我会把聊天记录发到网上，让大家评评理",
        "明天没有说法，我就发抖音",
        "别怪我发小红书曝光你们",
        "再不解决我就找媒体了啊",
        "逼急了我就叫电视台来拍",
        "给你们挂微博上去，看谁丢人",
        "信不信让你们上热搜",
        "再这样我就举报了",
        "不退钱就法院见",
        "我要起诉你们",
        "那就走法律途径吧",
    ],
)
def test_a_threat_is_a_danger_sign_of_its_own(known: Known, text: str) -> None:
    assert known("crisis_signals", text) == [THREAT]
    assert known("severity", text) in (["serious"], ["major"])
    assert known("complaint_stage", text) not in (["spread"], ["crisis"])


def test_where_a_complaint_may_go_is_not_where_it_came_from(known: Known) -> None:
    assert known("channel", "打电话没人理，再拖我就发抖音") == ["phone"]
    assert known("channel", "我发抖音了，底下好多人评论") == ["social_media"]


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("我已经去过12315了，他们立了案", ["regulator"]),
        ("昨天打了12345，说三天内回复", ["regulator"]),
        ("我已经在12315投诉了", ["regulator"]),
        ("已经向市场监管局举报", ["regulator"]),
        ("工信部那边我投诉过了", ["regulator"]),
        ("记者我已经找了，下午就来", ["media"]),
        ("我都联系好媒体了", ["media"]),
        ("我找记者了", ["media"]),
        ("先打热线，又打12345，谁也没给结果", []),
        ("一发抖音你们就来电话了", []),
        ("已经发到网上了，评论都几百条", ["social_spread"]),
        ("挂在热搜上一天了", ["social_spread"]),
        ("发到网上了", []),
        ("律师函都寄了", ["litigation"]),
        ("我起诉了，下周开庭", ["litigation"]),
    ],
)
def test_what_was_done_is_no_threat(known: Known, text: str, signals: list[str]) -> None:
    assert known("crisis_signals", text) == signals


@pytest.mark.parametrize(
    "text",
    [
        "我也不想去12315，也不会发到网上，就想把它修好",
        "你们把我的照片发到网上，经过我同意了吗",
        "我是在抖音上买的",
        "看到小红书上有人发了才来的",
        "我告诉你们，这件衣服我只穿过一次",
        "比打官司还累",
        "去工商银行转的账",
        "照片曝光过度，洗出来白花花一片",
        "我退休前是跑新闻的记者",
        "要去网上爆料你们家包子皮薄馅大，哈哈哈开玩笑的",
        "电视机是你们专柜的，电视台收不到",
        "你们的法院路店没开门",
    ],
)
def test_other_talk_is_no_threat(known: Known, text: str) -> None:
    assert known("crisis_signals", text) == []


def test_a_threat_and_a_fact_stand_side_by_side(known: Known) -> None:
    text = "12345我已经打过了，没用。再不解决我就找电视台。"
    assert set(known("crisis_signals", text)) == {"regulator", THREAT}


@pytest.mark.parametrize(
    "text",
    [
        "电饭煲用了一次就冒烟了，再不给说法我就去12315",
        "今天不退我去你们店里把柜台砸了，还要发到网上",
    ],
)
def test_where_as_much_speaks_for_two_severities_the_graver_counts(known: Known, text: str) -> None:
    """So that nobody who is in danger waits as long as one who is only angry."""
    assert known("severity", text) == ["major"]
