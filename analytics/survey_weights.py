"""Whether a survey wave has weighted numbers, or why they are refused.

Belongs here: the refusal with its reason. Does not belong here: the judgement of the weights, which is made while the
wave lands, and unweighted numbers, which need nobody's leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import fetch_rows

if TYPE_CHECKING:
    import duckdb

NO_WEIGHTS = "the card documents no weights"
DESIGN = """
    select is_documented, is_usable, reason from marts.fct_survey_design
    where edition_id = $edition_id and aspect = 'weights'
"""


def weights_refusal(connection: duckdb.DuckDBPyConnection, edition_id: str) -> str | None:
    """Why a wave has no weighted numbers; None where its weights can be used."""
    rows = fetch_rows(connection, DESIGN, {"edition_id": edition_id})
    if not rows or not rows[0]["is_documented"]:
        return NO_WEIGHTS
    return None if rows[0]["is_usable"] else f"the weights cannot be used ({rows[0]['reason']})"
