"""Whatever is edited in whichever order, on whichever day: a warm build gives the bytes of a cold one."""

from __future__ import annotations

import datetime
import random
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from bases import case, make_base
from documents import lesson
from stages import tree
from tiers import chance, times

from kb_builder import pipeline
from kb_builder.diagnostics import Level

DAY = datetime.date(2026, 11, 22)

FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("座椅套漏单", "显示器发错", "座椅套漏单又来", "净水器少了零件"),
    "status": ("已发布", "已发布", "草稿", "已归档"),
    "occurred_on": ("2024-05", "2024-05-03", "2023-12-31", "2026-10-30", "2026-11-02", "unknown"),
    "summary": ("客户订的货没有到，店里查明是漏了单，当天补送上门并道歉。", "客户等了两周，店里才发现没有订货，当天补订并道歉。"),
    "severity": ("轻微", "较重"),
    "product": ("座椅套", "显示器", ""),
    "complaint_type": ("[产品]", "[服务]", ""),
    "cause": ("[失误]", "[流程缺失, 沟通不足]", ""),
    "outcome": ("已解决", "部分解决", ""),
    "lessons": ("[LS-001]", "[LS-001, LS-002]", ""),
    "related": ("[CASE-2024-0002]", ""),
    "received_on": ("2026-11-04 09:30", "2026-11-05", ""),
    "replied_on": ("2026-11-05 18:00", "2026-11-06", ""),
    "last_reviewed": ("2024-06-01", "2026-11-20", ""),
    "redirect_from": ("[{}]", ""),
    "corrective_actions": (
        "[{action: 录单要核对, owner: 店长, due: 2026-11-22, status: 未完成}]",
        "[{action: 录单要核对, owner: 店长, due: 2026-12-01, status: 未完成}]",
        "[{action: 录单要核对, owner: 店长, due: 2026-11-22, status: 已完成, done_on: 2026-11-20}]",
        "",
    ),
}  # fmt: skip
"""What a case may say in a field; empty for nothing, `{}` for an id of its own."""

NAMED = (2, 3)
"""The cases that others name: they are always there to be read."""

TEXTS = (
    "客户来电，说货没有到。",
    "客户预付座椅套两周，到店才知道没有订货，物业也推给别人。",
    "客户说云湖路的28路公交车改道以后要走两站路，见[另一件](CASE-2024-0003.md)。",
    "云湖路 28路公交车改道，客户没有收到通知，店里说不归他们管。",
)
LESSON = "## 由来\n\n{}\n\n## 道理\n\n先听完。\n\n## 做法\n\n听。\n"


class Edited:
    """A base of cases and lessons that chance edits."""

    def __init__(self, root: Path, dice: random.Random) -> None:
        self.root = root
        self._dice = dice
        self._cases: dict[int, dict[str, str]] = {}
        self._texts: dict[int, str] = {}
        make_base(
            root, dict([lesson(1, LESSON.format("漏了单。"), audience_role="[新员工]"), lesson(2)])
        )
        for number in range(1, 13):
            self._cases[number] = {name: dice.choice(values) for name, values in FIELDS.items()}
            self._texts[number] = dice.choice(TEXTS)
            self._write(number)

    def edit(self) -> str:
        """Change something; says what."""
        kind = self._dice.choice(("field",) * 6 + ("text", "text", "case", "lesson"))
        number = self._dice.choice([each for each in self._cases if each not in NAMED])
        if kind == "field":
            name = self._dice.choice(sorted(FIELDS))
            self._cases[number][name] = self._dice.choice(FIELDS[name])
            self._write(number)
            return f"{name} of {number}"
        if kind == "text":
            self._texts[number] = f"{self._dice.choice(TEXTS)}第{self._dice.randrange(99)}次。"
            self._write(number)
        elif kind == "case":
            if self._dice.random() < 0.5 and len(self._cases) > 6:
                (self.root / case(number)[0]).unlink()
                del self._cases[number], self._texts[number]
            else:
                self._texts[max(self._cases) + 1] = self._texts[number]
                self._cases[max(self._cases) + 1] = dict(self._cases[number])
                self._write(max(self._cases))
        else:
            text = self._dice.choice(("漏了单。", "发错了货，赔了钱。"))
            roles = self._dice.choice(("[新员工]", "[新员工, 一线]", ""))
            path, content = lesson(1, LESSON.format(text), audience_role=roles)
            (self.root / path).write_text(content, encoding="utf-8")
        return f"{kind} {number}"

    def _write(self, number: int) -> None:
        fields = {
            name: value.replace("{}", f"CASE-2019-{number:04d}")
            for name, value in self._cases[number].items()
            if number not in NAMED or name not in ("status", "related")
        }
        path, content = case(number, self._texts[number], **fields)
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")


def _build(root: Path, output: Path, day: datetime.date) -> dict[str, bytes]:
    built = pipeline.build(root, output, today=day, drafts=True, with_index=False)
    errors = [each for each in built.diagnostics if each.level is Level.ERROR]
    assert not built.stopped, errors
    return tree(output)


@pytest.mark.parametrize("round_", range(times(1, 12)))
def test_after_random_edits_a_warm_build_is_a_cold_one(tmp_path: Path, round_: int) -> None:
    dice = chance(f"edits {round_}")
    base = Edited(tmp_path / "base", dice)
    day = DAY
    _build(base.root, tmp_path / "site", day)
    for step in range(times(4, 10)):
        edits = [base.edit() for _ in range(dice.choice((0, 1, 1, 2, 5)))]
        # Without an edit at least the day is another one.
        day += datetime.timedelta(days=dice.choice((1, 40) if not edits else (0, 0, 1)))
        warm = _build(base.root, tmp_path / "site", day)
        cold = tmp_path / f"cold{step}"
        shutil.copytree(base.root, cold, ignore=shutil.ignore_patterns(".kb"))
        expected = _build(cold, cold / "site", day)
        wrong = [path for path in warm | expected if warm.get(path) != expected.get(path)]
        assert not wrong, (edits, day)
        shutil.rmtree(cold)
