"""Whole responses: finished or not, when, how long, twice, too fast.

Belongs here: what is said of a response once its answers are read. Does not belong here: the answers (``decoding``),
rates made of dispositions (the analysts' side). No response is deleted: what is not counted says why.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ingest.survey.clock_times import durations_of, times_of
from ingest.survey.duplicates import later_ones, repeated_groups, rule_in_force
from ingest.survey.export import Convention
from ingest.survey.schema import KEYS, RELATIONS, relation_schema
from ingest.survey.wave_card import ResponseRules
from ingest.tables.cell_text import fold

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

COMPLETE, PARTIAL, BREAK_OFF, EXCLUDED = "complete", "partial", "break_off", "excluded"
DUPLICATE = "duplicate"
FAST_SHARE_OF_MEDIAN = 1 / 3
LANGUAGE = r"^(?P<code>[a-z]{2,3})(?:[-_].*)?$"


def responses_of(collected: pa.Table, convention: Convention, rules: ResponseRules) -> pa.Table:
    """The relation ``survey__response`` without its keys, one row for each of ``collected`` in the same order.

    ``collected``: response_no, row_number, one text column for each role of the export (named by it), respondent_id,
    n_applicable, n_answered, is_straight_lined and content_key (text hash of the answers). Complete and partial
    responses are counted; of the rest ``not_counted_reason`` is break_off, duplicate or the reason of the convention.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    roles = _Roles(collected)
    reason, disposition = _dispositions(roles, convention, rules)
    empty = pa.nulls(len(collected), pa.timestamp("s"))
    started, submitted = (
        empty if texts is None else times_of(texts, convention)
        for texts in (roles.text("started_at"), roles.text("submitted_at"))
    )
    duration = durations_of(roles.text("duration"), started, submitted)
    times = pc.coalesce(submitted, started)
    answered = pc.greater(roles.column("n_answered"), 0).to_numpy(zero_copy_only=False)
    rule = rule_in_force(rules, collected)
    groups = repeated_groups(collected, times, (disposition < CODES[EXCLUDED]) & answered, rule)
    is_duplicate = later_ones(groups, times, disposition, rules.keep)
    is_dropped = is_duplicate & (rules.keep != "all")
    is_counted = (disposition <= CODES[PARTIAL]) & ~is_dropped
    reason = pc.coalesce(
        reason,
        pc.if_else(pa.array(is_dropped), DUPLICATE, None),
        pc.if_else(pa.array(disposition == CODES[BREAK_OFF]), BREAK_OFF, None),
    )
    columns = {
        **{name: roles.column(name) for name in PASSED_ON},
        "response_id": _ids(roles),
        "disposition": pa.array(list(CODES)).take(pa.array(disposition)),
        "language": _language(roles),
        "collector": _filled(roles.text("collector"), len(collected)),
        "started_at": started,
        "submitted_at": submitted,
        "duration_seconds": duration,
        "is_counted": pa.array(is_counted),
        "not_counted_reason": reason,
        "is_duplicate": pa.array(is_duplicate),
        "is_fast": _fast(duration, disposition == CODES[COMPLETE], is_dropped, rules),
    }
    schema = pa.schema([field for field in relation_schema("survey__response") if field.name not in KEYS])
    return pa.table({name: columns[name] for name in RELATIONS["survey__response"]}, schema=schema)


CODES = {COMPLETE: 0, PARTIAL: 1, BREAK_OFF: 2, EXCLUDED: 3}
PASSED_ON = ("response_no", "row_number", "respondent_id", "n_applicable", "n_answered", "is_straight_lined")


class _Roles:
    """The collected columns as whole arrays."""

    def __init__(self, collected: pa.Table) -> None:
        self.table = collected

    def column(self, name: str) -> pa.Array:
        return self.table[name].combine_chunks()

    def text(self, role: str) -> pa.Array | None:
        """The trimmed texts of a role, empty where nothing stands; None where the export has no such column."""
        import pyarrow.compute as pc

        if role not in self.table.column_names:
            return None
        return pc.utf8_trim_whitespace(self.column(role)).fill_null("")


def _looked_up(texts: pa.Array, known: Mapping[str, str]) -> pa.Array:
    """What each text stands for, without case, width and blanks; null where it is none of the known."""
    import pyarrow as pa

    encoded = texts.dictionary_encode()
    folded = {fold(text): meaning for text, meaning in known.items()}
    meanings = pa.array([folded.get(fold(text)) for text in encoded.dictionary.to_pylist()], pa.string())
    return meanings.take(encoded.indices)


def _dispositions(roles: _Roles, convention: Convention, rules: ResponseRules) -> tuple[pa.Array, NDArray[np.int8]]:
    """Why the tool itself says that a row is no response, and the disposition of each as a number of ``CODES``."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    n_rows = len(roles.table)
    finished = np.ones(n_rows, dtype=bool)
    if (texts := roles.text(convention.finished_by)) is not None:
        marks = dict.fromkeys(convention.finished_texts, "yes")
        found = _looked_up(texts, marks).is_valid() if marks else pc.not_equal(texts, "")
        finished = found.to_numpy(zero_copy_only=False)
    n_answered, n_applicable = (
        roles.column(name).to_numpy(zero_copy_only=False) for name in ("n_answered", "n_applicable")
    )
    # Sent without a single answer it is a break-off (AAPOR 2.12: logged on, did not complete any items).
    finished = finished & ((n_answered > 0) | (n_applicable == 0))
    share = n_answered / np.maximum(n_applicable, 1)
    is_partial = (n_answered > 0) & (share >= (rules.partial_from or 0))
    disposition = np.where(finished, CODES[COMPLETE], np.where(is_partial, CODES[PARTIAL], CODES[BREAK_OFF]))
    status = roles.text("status")
    reason = pa.nulls(n_rows, pa.string())
    if status is not None and convention.excluded:
        reason = _looked_up(status, convention.excluded)
        disposition = np.where(reason.is_valid().to_numpy(zero_copy_only=False), CODES[EXCLUDED], disposition)
    return reason, disposition.astype(np.int8)


def _ids(roles: _Roles) -> pa.Array:
    """The tool's own id where it is filled and nobody else's, else ``r<row number>``."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = pc.binary_join_element_wise("r", roles.column("row_number").cast(pa.string()), "")
    texts = roles.text("response_id")
    if texts is None:
        return rows
    with contextlib.suppress(pa.ArrowInvalid):
        # Counted up by the tool, as most are: no two are the same, and nobody needs to compare them.
        if (np.diff(texts.cast(pa.int64()).to_numpy()) > 0).all():
            return texts
    encoded = texts.dictionary_encode()
    codes = encoded.indices.to_numpy()
    is_own = (np.bincount(codes)[codes] == 1) & pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
    if is_own.all():
        return texts
    # An id that looks like a row number would meet the number of another row.
    if pc.any(pc.match_substring_regex(encoded.dictionary, "^r[0-9]+$")).as_py():
        return rows
    return pc.if_else(pa.array(is_own), texts, rows)


def _language(roles: _Roles) -> pa.Array:
    """The language as its code where the tool writes one (EN, ja-JP), else as written."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = roles.text("language")
    if texts is None:
        return pa.nulls(len(roles.table), pa.string())
    encoded = texts.dictionary_encode()
    codes = pc.struct_field(pc.extract_regex(pc.utf8_lower(encoded.dictionary), LANGUAGE), "code")
    return _filled(pc.coalesce(codes, encoded.dictionary).take(encoded.indices), len(roles.table))


def _filled(texts: pa.Array | None, n_rows: int) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pa.nulls(n_rows, pa.string()) if texts is None else pc.if_else(pc.equal(texts, ""), None, texts)


def _fast(
    duration: pa.Array, is_complete: NDArray[np.bool_], is_dropped: NDArray[np.bool_], rules: ResponseRules
) -> pa.Array:
    """Whether a complete response came too fast; null where it is not complete or nobody knows how long it took."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    limit = float(rules.fast_seconds or 0)
    if rules.fast_seconds is None:
        known = duration.filter(pa.array(is_complete & ~is_dropped)).drop_null().to_numpy()
        limit = float(np.median(known)) * FAST_SHARE_OF_MEDIAN if len(known) else 0.0
    return pc.if_else(pa.array(is_complete), pc.less(duration, limit), None)
