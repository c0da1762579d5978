"""Which situation a text tells of, by what is said in each."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kb_builder.insight.sayings import Sayings

SAID = {
    "late": ("说好今天送到，等到晚上没人来", "约好上午安装，师傅没来", "钱付了，货拖了半个月"),
    "rude": ("店员翻白眼，态度差", "前台爱理不理，说话难听", "叫了三遍没人理，还凶我"),
    "silent": (),
}
LETTERS = "说好今天送到等人来店员态度差"


def test_the_likeliest_has_nothing_taken_off() -> None:
    late = Sayings(SAID).compare("约好今天送货，我等了一天没人来")
    assert late["late"] == 0 > late["rude"]
    rude = Sayings(SAID).compare("你们店员态度真差，理都不理我")
    assert rude["rude"] == 0 > rude["late"]


def test_a_situation_without_sayings_is_not_compared() -> None:
    assert set(Sayings(SAID).compare("约好今天送货，师傅没来")) == {"late", "rude"}


def test_of_little_nothing_is_said() -> None:
    assert Sayings(SAID).compare("你好") == {}
    assert Sayings(SAID).compare("没人来") == {}
    assert Sayings({}).compare("约好今天送货，师傅没来") == {}


def test_pairs_do_not_reach_over_a_comma() -> None:
    one = Sayings({"a": ("店员态度差", "今天送到"), "b": ("差今", "员工态势")})
    assert one.compare("店员态度差，今天送到") == one.compare("今天送到。店员态度差")


def test_the_same_words_again_are_no_new_evidence() -> None:
    text = "约好今天送货，师傅没来，"
    assert Sayings(SAID).compare(text * 3) == Sayings(SAID).compare(text)


@settings(max_examples=80)
@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.lists(st.text(LETTERS, min_size=2, max_size=9), max_size=4)
    ),
    st.text(LETTERS, max_size=40),
)
def test_neither_order_nor_splitting_matters(says: dict[str, list[str]], text: str) -> None:
    compared = Sayings(says).compare(text)
    turned = {id_: said[::-1] for id_, said in reversed(says.items())}
    assert Sayings(turned).compare(text) == compared
    assert not compared or max(compared.values()) == 0
    assert all(value <= 0 for value in compared.values())
