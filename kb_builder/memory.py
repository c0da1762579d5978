"""Memory that nobody uses any more."""

from __future__ import annotations

import ctypes
import gc


def give_back() -> None:
    """Give it back to the system, after much of it was used: what comes next then needs less in all.

    Whoosh leaves cycles, and a build looks for none (see `checking.uncollected`). And the C library keeps what is freed
    for small things, where large ones find no place.
    """
    gc.collect()
    trim()


def trim() -> None:
    """Give back what is free already: that takes no time, and finds no cycles."""
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
