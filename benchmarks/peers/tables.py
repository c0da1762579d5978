"""What was measured, as Markdown, and beside what was promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluation import Quality
from peers.measuring import Cost, Measured, percentile

HEADER = (
    "| engine | nDCG@10 | MRR@10 | Recall@10 | empty | index MB | build CPU s | set-up KB | set-up ms "
    "| first query KB | first query ms | later files | later KB p50 / p95 | later ms p50 / p95 | again ms p50 / p95 |\n"
    + "|---" * 15
    + "|"
)
FIRST_KB = 150
LATER_KB = 80
WARM_MS = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One engine on one set with one kind of query; `size` in bytes, `seconds` of the processor."""

    engine: str
    quality: Quality
    size: int
    seconds: float
    measured: Measured


@dataclass(frozen=True, slots=True)
class Promise:
    """Something promised of our client, what came of it, and whether it was kept."""

    what: str
    found: str
    kept: bool


def line(row: Row) -> str:
    """The row of the table under HEADER. Set-up and first query are medians, the first query without the set-up."""
    quality, measured = row.quality, row.measured
    return (
        f"| {row.engine} | {quality.ndcg:.4f} | {quality.mrr:.4f} | {quality.recall:.4f} | {quality.empty} "
        f"| {row.size / 1e6:.1f} | {row.seconds:.1f} "
        f"| {_kb(measured.set_up)} | {_ms(measured.set_up, 0.5)} "
        f"| {_kb(measured.first)} | {_ms(measured.first, 0.5)} "
        f"| {percentile([cost.files for cost in measured.later], 0.5):.0f} "
        f"| {_kb(measured.later)} / {_kb(measured.later, 0.95)} "
        f"| {_ms(measured.later, 0.5)} / {_ms(measured.later, 0.95)} "
        f"| {_ms(measured.again, 0.5)} / {_ms(measured.again, 0.95)} |"
    )


def promises(name: str, ours: Row, peers: Sequence[Row]) -> Iterator[Promise]:
    """What issue 3 promises of every set and kind of query; bytes as on the disk, the strictest count."""
    for metric, label in (("ndcg", "nDCG@10"), ("mrr", "MRR@10"), ("recall", "Recall@10")):
        best = max(peers, key=lambda row: getattr(row.quality, metric))
        mine, theirs = getattr(ours.quality, metric), getattr(best.quality, metric)
        yield Promise(
            f"{name}: {label} at least that of the best peer",
            f"{mine:.4f}; {best.engine} {theirs:.4f}",
            mine >= theirs,
        )
    yield Promise(
        f"{name}: no query without result", str(ours.quality.empty), not ours.quality.empty
    )
    measured = ours.measured
    cold = percentile(
        [s.plain + f.plain for s, f in zip(measured.set_up, measured.first, strict=True)], 0.5
    )
    later = percentile([cost.plain for cost in measured.later], 0.5)
    warm = percentile([cost.ms for cost in measured.again], 0.95)
    yield Promise(
        f"{name}: first query from cold ≤ {FIRST_KB} KB",
        f"{cold / 1e3:.0f}",
        cold <= FIRST_KB * 1e3,
    )
    yield Promise(
        f"{name}: later queries ≤ {LATER_KB} KB", f"{later / 1e3:.0f}", later <= LATER_KB * 1e3
    )
    yield Promise(f"{name}: p95 ≤ {WARM_MS} ms warm", f"{warm:.1f}", warm <= WARM_MS)


def whole(ndcg: Mapping[str, float], targets: Mapping[str, float]) -> Iterator[Promise]:
    """What is promised of the whole sets."""
    for name, value in ndcg.items():
        target = targets[name]
        yield Promise(f"{name}, whole set: nDCG@10 ≥ {target}", f"{value:.4f}", value >= target)


def summary(kept: Sequence[Promise]) -> str:
    """All promises in one table."""
    rows = (f"| {one.what} | {one.found} | {'yes' if one.kept else '**no**'} |" for one in kept)
    return "\n".join(["| promised | found | kept |", "|---|---|---|", *rows])


def _kb(costs: Sequence[Cost], share: float = 0.5) -> str:
    return f"{percentile([cost.sent for cost in costs], share) / 1e3:,.0f}"


def _ms(costs: Sequence[Cost], share: float) -> str:
    value = percentile([cost.ms for cost in costs], share)
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
