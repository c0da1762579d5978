"""What the gate makes of the texts that Python and the browser share; `KB_UPDATE=1` writes it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from kb_builder.privacy import Gate, redact

VECTORS = Path(__file__).parents[1] / "vectors" / "privacy.json"


def test_the_vectors_hold(gate: Gate) -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    made = [
        {
            "given": vector["given"],
            "found": [
                [each.start, each.end, each.category.value, each.value]
                for each in gate.find(vector["given"])
            ],
            "redacted": redact(vector["given"], gate),
        }
        for vector in vectors
    ]
    if os.environ.get("KB_UPDATE"):
        lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in made)
        VECTORS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        return
    assert made == vectors
