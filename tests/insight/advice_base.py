"""A small base for the tests of advice: what `tests/vectors/advice.json` was made with."""

from __future__ import annotations

from kb_builder.insight.advice import FoundCase
from kb_builder.insight.case_draft import Form
from kb_builder.insight.guidance import CaseFacts, Guidance, Link
from kb_builder.insight.judging import Field
from kb_builder.insight.matching import Condition, Playbook, Raising, Step
from kb_builder.model.cues import CueGroup, Cues, Theme
from kb_builder.model.schema import FieldSpec, FieldType, Kind, Needed
from kb_builder.model.taxonomy import Value, Vocabulary

CUES = Cues(
    groups=(
        CueGroup("complaint_subtype", "repeated", ("修了…次", "老毛病"), ("又坏",)),
        CueGroup("complaint_subtype", "defect", ("坏了", "漏水"), ("毛病",), ("坏了名声",)),
        CueGroup("appeal", "interest", ("退钱", "赔钱"), ("钱",)),
        CueGroup("appeal", "emotion", ("道歉", "气死我了")),
        CueGroup("severity", "serious", ("三个月",), ("请假",)),
        CueGroup("crisis_signals", "safety", ("受伤", "流血"), ("疼",), ("要出人命",)),
        CueGroup("crisis_signals", "media", ("记者来了",)),
        CueGroup("playbook", "PB-002", ("从头讲",), ("换人",)),
    ),
    themes=(Theme(("修了…次", "老毛病"), ("多次维修", "返修")), Theme(("记者",), ("曝光",))),
    negations=("没有", "没有人", "不要"),
    jest=("开玩笑", "😂"),
    implied=(
        ("complaint_subtype", "repeated", "severity", "serious"),
        ("crisis_signals", "safety", "severity", "major"),
    ),
    together=(("appeal", "both", ("interest", "emotion")),),
    presumed=(("channel", "phone"),),
)

_VALUES = {
    "complaint_type": ("投诉类型", True, {"product": "产品", "service": "服务"}),
    "complaint_subtype": ("投诉子类", True, {"repeated": "多次维修", "defect": "质量瑕疵"}),
    "appeal": ("诉求", False, {"interest": "利益", "emotion": "情感", "both": "两者兼有"}),
    "severity": ("严重度", False, {"minor": "轻微", "serious": "较重", "major": "重大(1)"}),
    "crisis_signals": ("危机信号", True, {"safety": "人身安全", "media": "媒体介入"}),
    "channel": ("投诉渠道", True, {"counter": "柜台面诉", "phone": "投诉电话"}),
}
_PARENTS = {"repeated": "service", "defect": "product"}


def _spec(name: str, kind: FieldType, needed: Needed, *, many: bool = False) -> FieldSpec:
    label = _VALUES[name][0] if name in _VALUES else name
    values = dict(_VALUES[name][2]) if name in _VALUES else {"draft": "草稿", "published": "已发布"}
    vocabulary = None
    if kind is FieldType.VOCABULARY:
        vocabulary = Vocabulary(
            name, label, {id_: Value(id_, text) for id_, text in values.items()}
        )
    return FieldSpec(
        name, label, kind, many=many, needed=needed, vocabulary=vocabulary, help="说明"
    )


CASE = Kind(
    name="case",
    label="案例",
    id_form="CASE-{year}-{number:4}",
    folder="resolved/{year}",
    address="c",
    sections=("记录", "总结"),
    short_sections=("记录",),
    short_when={},
    fields={
        spec.name: spec
        for spec in (
            _spec("id", FieldType.ID, Needed.DRAFT),
            _spec("title", FieldType.TEXT, Needed.DRAFT),
            _spec("status", FieldType.VOCABULARY, Needed.DRAFT),
            _spec("occurred_on", FieldType.DATE, Needed.DRAFT),
            _spec("received_on", FieldType.MOMENT, Needed.OPTIONAL),
            _spec("owner", FieldType.TEXT, Needed.PUBLISH),
            *(
                _spec(
                    name,
                    FieldType.VOCABULARY,
                    Needed.DRAFT if name == "channel" else Needed.PUBLISH,
                    many=many,
                )
                for name, (_, many, _) in _VALUES.items()
            ),
        )
    },
)

FIELDS = {
    name: Field(
        name,
        label,
        many,
        values,
        "complaint_type" if name == "complaint_subtype" else "",
        _PARENTS if name == "complaint_subtype" else {},
    )
    for name, (label, many, values) in _VALUES.items()
}


def playbook(
    number: int,
    *conditions: Condition,
    phase: str = "response",
    reply: int | None = None,
    resolve: int | None = None,
    says: tuple[str, ...] = (),
) -> Playbook:
    """A playbook with these conditions."""
    id_ = f"PB-{number:03d}"
    return Playbook(
        id=id_,
        title=f"预案{number}",
        address=f"p/{id_}/",
        phase=phase,
        phase_label=phase,
        conditions=conditions,
        steps=tuple(Step(f"第{n}步", "先听完", "客服专员", "立即", "") for n in range(1, 6)),
        scripts=("对不起",),
        banned=("不归我管",),
        reply_hours=reply,
        resolve_hours=resolve,
        raising=(
            Raising("再次失约", "店长", 2),
            Raising("有人受伤", "公司高层", 0),
            Raising("其他", "法务", None),
        ),
        says=says,
    )


PLAYBOOKS = (
    playbook(1, reply=24, says=("我要投诉，怎么投诉", "给你们提个建议")),
    playbook(
        2,
        Condition("complaint_subtype", ("repeated",), 10),
        resolve=24,
        says=("来了三趟，机器还是不转", "师傅换了几个，𠮷牌机器照样漏水"),
    ),
    playbook(
        3, Condition("complaint_subtype", ("defect",), 10), Condition("appeal", ("both",), 16)
    ),
    playbook(4, Condition("crisis_signals", ("safety", "media"), 0), says=("孩子流血了送医院",)),
    playbook(5, Condition("severity", ("serious", "major"), 6), phase="follow_up"),
)

GUIDANCE = Guidance(
    cues=CUES,
    fields=FIELDS,
    playbooks=PLAYBOOKS,
    reply_hours={"minor": 48, "serious": 24, "major": 12},
    form=Form(CASE, {"2026": 41}, {"记录": "（待写）", "总结": "（待写：下次怎样做）"}),
)


def found(
    number: int,
    score: int,
    *,
    lessons: tuple[str, ...] = (),
    contrast: str = "",
    says: tuple[str, ...] = (),
) -> FoundCase:
    """A case that was found."""
    id_ = f"CASE-2020-{number:04d}"
    return FoundCase(
        CaseFacts(
            id=id_,
            title=f"案例{number}",
            address=f"c/{id_}/",
            facets={"appeal": ("both",), "complaint_subtype": ("repeated",)},
            remedies=("维修", "道歉"),
            outcome="已解决",
            retained="",
            satisfaction="满意",
            taken="约 2 天",
            playbooks=("PB-002", "PB-003"),
            lessons=tuple(Link(lesson, f"教训{lesson}", f"l/{lesson}/") for lesson in lessons),
            contrast=Link(contrast, "对照", f"c/{contrast}/") if contrast else None,
            says=says,
        ),
        score,
        ("修了", "返修"),
    )
