"""Responses that come from the same respondent.

Belongs here: finding them by what the card says, or else by the surest mark that the export has. Does not belong here:
dispositions (``responses``) and who a respondent is (``pseudonym``). Nothing is deleted: a repeated response is marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.survey.wave_card import ResponseRules

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

NEVER, BY_CONTENT = "none", "content"
SUREST_FIRST = ("token", "email")
# What EUSurvey and Microsoft Forms write instead of an identity.
NOBODY = ("", "anonymous")
# Seconds within which the same answers are one respondent who pressed twice.
PRESSED_TWICE = 120


def rule_in_force(rules: ResponseRules, collected: pa.Table) -> str:
    """How duplicates are found: as the card says, else by token or e-mail where the export has any, else by content."""
    if rules.duplicates_by:
        return rules.duplicates_by
    return next((name for name in SUREST_FIRST if _is_somebody(collected, name).any()), BY_CONTENT)


def _is_somebody(collected: pa.Table, name: str) -> NDArray[np.bool_]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if name not in collected.column_names:
        return np.zeros(len(collected), dtype=bool)
    texts = pc.utf8_lower(pc.utf8_trim_whitespace(collected[name].combine_chunks()))
    nobody = pc.is_in(texts, value_set=pa.array(NOBODY))
    somebody: NDArray[np.bool_] = pc.invert(nobody.fill_null(True)).to_numpy(zero_copy_only=False)
    return somebody


def repeated_groups(
    collected: pa.Table, times: pa.Array, considered: NDArray[np.bool_], rule: str
) -> NDArray[np.int64]:
    """Number of the group that a response shares with another one; -1 where it shares none.

    ``times``: when it was submitted, or else begun. ``considered``: which responses may be one of several. By content
    two are the same respondent when their answers are and the later came within ``PRESSED_TWICE`` of the one before.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    nobody = np.full(len(collected), -1, dtype=np.int64)
    name = "content_key" if rule == BY_CONTENT else rule
    if rule == NEVER or name not in collected.column_names:
        return nobody
    texts = pc.utf8_trim_whitespace(collected[name].combine_chunks())
    if rule == "email":
        texts = pc.utf8_lower(texts)
    taken = considered & _is_somebody(collected, name)
    if rule == BY_CONTENT:
        taken &= times.is_valid().to_numpy(zero_copy_only=False)
    places = np.flatnonzero(taken)
    codes = texts.take(pa.array(places)).dictionary_encode().indices.to_numpy()
    again = np.bincount(codes)[codes] > 1 if len(codes) else np.zeros(0, dtype=bool)
    places, codes = places[again], codes[again].astype(np.int64)
    if rule == BY_CONTENT and len(places):
        codes = _runs(codes, times.take(pa.array(places)).cast(pa.int64()).to_numpy())
        kept = codes >= 0
        places, codes = places[kept], codes[kept]
    nobody[places] = codes
    return nobody


def _runs(codes: NDArray[np.int64], seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of equal codes those close together in time as groups of their own; -1 for what stands alone."""
    import numpy as np

    # One number for both, because that sorts faster than two; seconds of a century need 32 bits.
    order = np.argsort((codes << 32) + (seconds - seconds.min()))
    code, second = codes[order], seconds[order]
    starts = np.ones(len(code), dtype=bool)
    starts[1:] = (np.diff(code) != 0) | (np.diff(second) > PRESSED_TWICE)
    group = np.cumsum(starts) - 1
    group = np.where(np.bincount(group)[group] > 1, group, -1)
    result = np.empty_like(group)
    result[order] = group
    return result


def later_ones(groups: NDArray[np.int64], times: pa.Array, fullness: NDArray[np.int8], keep: str) -> NDArray[np.bool_]:
    """Which responses of a group are not the one that stands for it.

    The fullest stands (``fullness`` 0 before 1 before 2), of several the first or, with ``keep`` last, the last by
    time; without a time by the order of the file.
    """
    import numpy as np
    import pyarrow as pa

    places = np.flatnonzero(groups >= 0)
    result = np.zeros(len(groups), dtype=bool)
    if not len(places):
        return result
    second = times.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)[places]
    sign = -1 if keep == "last" else 1
    order = np.lexsort((sign * places, sign * second, fullness[places], groups[places]))
    first = np.ones(len(places), dtype=bool)
    first[1:] = np.diff(groups[places][order]) != 0
    result[places[order][~first]] = True
    return result
