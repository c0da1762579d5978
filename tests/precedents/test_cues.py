"""Ways of saying things that the cues of this repository once missed or took for something else."""

from __future__ import annotations

import pytest
from known import Known


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("块玻璃门爆咗，割到个女只脚，流晒血", "safety"),
        ("入咗急症室，縫咗五針", "safety"),
        ("阿妈食完肚屙，送咗入医院", "safety"),
        ("妈妈群里问了一下，有五六个宝宝吃了都这样", "group_gathering"),
        ("否则我向工信部申诉", "outside_threat"),
    ],
)
def test_a_danger_sign_in_other_words(known: Known, text: str, signal: str) -> None:
    assert signal in known("crisis_signals", text)


@pytest.mark.parametrize(
    "text",
    [
        "你哋爆咗折扣码俾我，用唔到",
        "妈妈群里有人推荐才买的",
        "急症室那条街的分店没开门",
    ],
)
def test_no_danger_sign_in_words_that_are_like_it(known: Known, text: str) -> None:
    assert known("crisis_signals", text) == []


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("complaint_subtype", "讲“等通知”，等了两个礼拜鬼也没来", "delay"),
        ("complaint_subtype", "等咗成個禮拜都無人理", "delay"),
        ("complaint_subtype", "师傅说好了，过两天又断", "repeated_repair"),
        ("complaint_subtype", "问门店，门店说归工厂；问工厂，工厂不吭声", "buck_passing"),
        ("psychology", "请那位经理当面道个歉", "respect"),
        ("appeal", "请那位经理当面道个歉", "emotion"),
    ],
)
def test_the_same_in_other_words(known: Known, field: str, text: str, value: str) -> None:
    assert value in known(field, text)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("cause", "型号我忘了，反正三千多", "work_error"),
        ("complaint_subtype", "客服跟个机器人一样，就会说亲", "buck_passing"),
        ("channel", "问门店，门店没人接", "counter"),
        ("channel", "今天不退我去你们店里把柜台砸了", "counter"),
        ("channel", "再拖我就拍视频发抖音", "social_media"),
        ("channel", "唔係嘅話我搵記者", "media"),
        ("psychology", "钱退不退无所谓了，凭啥看不起人", "compensation"),
    ],
)
def test_what_only_looks_like_it(known: Known, field: str, text: str, value: str) -> None:
    assert value not in known(field, text)
