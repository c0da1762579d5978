"""Where tests find this repository's own base, and the small one made for them."""

from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
CORPUS = Path(__file__).parent / "corpus"
