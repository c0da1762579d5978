"""Which day it is."""

from __future__ import annotations

import datetime
import os

from kb_builder.diagnostics import KbError

EPOCH = "SOURCE_DATE_EPOCH"
"""The variable of https://reproducible-builds.org/specs/source-date-epoch/: seconds since 1970 in UTC."""


def today() -> datetime.date:
    """The day for which is checked and built: that of `SOURCE_DATE_EPOCH` in UTC where this is set, so that others can
    build the same site on another day and in another time zone; or this day, here.

    Raises KbError when the variable is no whole number of seconds.
    """
    written = os.environ.get(EPOCH)
    if written is None:
        return datetime.date.today()
    try:
        return datetime.datetime.fromtimestamp(int(written), datetime.UTC).date()
    except (ValueError, OverflowError, OSError):
        raise KbError(
            f"环境变量 {EPOCH} 是“{written}”，不是从 1970 年起的秒数；改成整数，或去掉它"
        ) from None
