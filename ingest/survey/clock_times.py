"""Times and durations of responses, whole columns at once.

Belongs here: texts by the forms that a tool's ``Convention`` names. Does not belong here: dates that are answers
(``decoding``).

A time stays on the clock that the file writes: an offset such as +09:00 is dropped, for a survey is read in the hours
of those who answer it.
"""

from __future__ import annotations

import contextlib
import datetime
from typing import TYPE_CHECKING

from ingest.survey.export import Convention

if TYPE_CHECKING:
    import pyarrow as pa

ISO = "%Y-%m-%d %H:%M:%S"
OFFSET = r"\s*(?:Z|UTC|GMT)?(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?$"
# A day that its month does not have comes out as one of these of the next month: (month, last day).
ROLLED_OVER = ((3, 3), (5, 1), (7, 1), (10, 1), (12, 1))
# The C library takes 3/2/20 for the 2nd of a month in the year 3; nobody answers a survey with fewer than four digits.
FIRST_YEAR = 1000
CLOCK_DURATION = r"^(?:(?P<h>[0-9]+):)?(?P<m>[0-9]{1,2}):(?P<s>[0-9]{1,2}(?:\.[0-9]+)?)$"


def times_of(texts: pa.Array, convention: Convention) -> pa.Array:
    """Times to the second by the tool's forms, then by those of its days; null where no form fits or nothing stands."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = without_noise(texts, convention)
    found = pa.nulls(len(texts), pa.timestamp("s"))
    for form in (*convention.clock, *convention.days):
        if found.null_count == pc.sum(pc.equal(texts, "")).as_py():
            break
        found = pc.coalesce(found, times_by_form(texts, form))
    return found


def without_noise(texts: pa.Array, convention: Convention) -> pa.Array:
    """Texts of times without what the tool writes around them."""
    import pyarrow.compute as pc

    if convention.clock_noise:
        texts = pc.replace_substring_regex(texts, convention.clock_noise, "")
    return pc.utf8_trim_whitespace(texts)


def times_by_form(texts: pa.Array, form: str) -> pa.Array:
    """Times to the second by one strptime form; null where it does not fit or there is no such day."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if form.endswith("%z"):
        form = form.removesuffix("%z").rstrip()
        texts = pc.replace_substring_regex(texts, OFFSET, "")
    if form == ISO:
        # Many times as fast, and it knows how long a month is.
        with contextlib.suppress(pa.ArrowInvalid):
            return pc.if_else(pc.equal(texts, ""), None, texts).cast(pa.timestamp("s"))
    found = pc.strptime(texts, format=form, unit="s", error_is_null=True).cast(pa.timestamp("s"))
    found = pc.if_else(pc.less(pc.year(found), FIRST_YEAR), None, found)
    return without_impossible_days(texts, found, form)


def without_impossible_days(texts: pa.Array, found: pa.Array, form: str) -> pa.Array:
    """Null for a 31st of February, which the C library takes for the 2nd or 3rd of March."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    month, day = (part.fill_null(0).to_numpy(zero_copy_only=False) for part in (pc.month(found), pc.day(found)))
    doubtful = np.zeros(len(found), dtype=bool)
    for after, last_day in ROLLED_OVER:
        doubtful |= (month == after) & (day <= last_day)
    if not doubtful.any():
        return found
    places = np.flatnonzero(doubtful)
    some, read = texts.take(pa.array(places)), found.take(pa.array(places))
    same = pc.equal(pc.strftime(read, format=form), some).to_numpy(zero_copy_only=False)
    wrong = [place for place, text in zip(places[~same], some.filter(pa.array(~same)).to_pylist(), strict=True)
             if not _is_real(text, form)]  # fmt: skip
    mask = np.zeros(len(found), dtype=bool)
    mask[wrong] = True
    return pc.if_else(pa.array(mask), None, found)


def _is_real(text: str, form: str) -> bool:
    try:
        datetime.datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def durations_of(texts: pa.Array | None, started: pa.Array, submitted: pa.Array) -> pa.Array:
    """Seconds: the tool's own figure (seconds, or h:mm:ss), else from the start to the end; null where neither is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    seconds = pc.subtract(submitted, started).cast(pa.int64()).cast(pa.float64())
    seconds = pc.if_else(pc.greater_equal(seconds, 0.0), seconds, None)
    if texts is None:
        return seconds
    plain = pc.utf8_trim_whitespace(texts)
    number = pc.replace_substring(plain, ",", ".")
    is_number = pc.match_substring_regex(number, r"^[0-9]+(\.[0-9]+)?$")
    own = pc.if_else(is_number, number, None).cast(pa.float64())
    parts = pc.extract_regex(plain, CLOCK_DURATION)
    if parts.null_count < len(parts):
        hours, minutes, rest = (pc.struct_field(parts, name) for name in ("h", "m", "s"))
        hours = pc.if_else(pc.equal(hours, ""), "0", hours).cast(pa.float64())
        clock = pc.add(pc.multiply(hours, 3600.0), pc.multiply(minutes.cast(pa.float64()), 60.0))
        own = pc.coalesce(own, pc.add(clock, rest.cast(pa.float64())))
    return pc.coalesce(own, seconds)
