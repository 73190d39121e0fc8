"""Weighted counts of a survey wave, refused where its weights cannot be used.

Belongs here: the refusal with its reason, and the one sum. Does not belong here: the judgement of the weights, which is
made while the wave lands, and unweighted counts, which need nobody's leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import fetch_rows

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import ArrayLike

NO_WEIGHTS = "the card documents no weights"
DESIGN = """
    select is_documented, is_usable, reason from marts.fct_survey_design
    where edition_id = $edition_id and aspect = 'weights'
"""


class WeightsStopped(Exception):
    """Weighted numbers of a wave are stopped; the text says why."""


def weights_refusal(connection: duckdb.DuckDBPyConnection, edition_id: str) -> str | None:
    """Why a wave has no weighted numbers; None where its weights can be used."""
    rows = fetch_rows(connection, DESIGN, {"edition_id": edition_id})
    if not rows or not rows[0]["is_documented"]:
        return NO_WEIGHTS
    return None if rows[0]["is_usable"] else f"weighted numbers are stopped: {rows[0]['reason']}"


def weighted_count(weights: ArrayLike, is_counted: ArrayLike, refusal: str | None) -> float:
    """Sum of the weights of the responses that are counted; both arrays have one element for each response.

    Raises:
        WeightsStopped: ``refusal`` (of ``weights_refusal``) says why the weights cannot be used.
    """
    import numpy as np

    if refusal is not None:
        raise WeightsStopped(refusal)
    return float(np.asarray(weights, dtype=np.float64)[np.asarray(is_counted, dtype=bool)].sum())
