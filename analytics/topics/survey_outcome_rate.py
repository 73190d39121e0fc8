"""`stats.survey_outcome_rate`: AAPOR outcome rates of each survey wave, or the reason why there are none.

Belongs here: which counts a wave documents and which rates they allow. Does not belong here: the formulas
(``statistics.outcome_rates``), and shares of published surveys, whose dispositions nobody published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, estimate_id, estimate_table, fetch_rows, series_words
from analytics.statistics.outcome_rates import RATES, Dispositions, casro_share, needs_share, outcome_rates

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "1"
OPEN_LINK = "an open link has no response rate: nobody knows who saw it"
LINK_UNKNOWN = "the card does not say whether the link was open or closed"
UNITS = {"organisation": "organisations", "person": "persons"}
# Which counts of the card a rate needs beside those of the file; `total` is the number of invitations, or all of them.
NEEDS = {
    **dict.fromkeys(("RR1", "RR2"), ("total",)),
    **dict.fromkeys(("RR3", "RR4", "REF2", "CON2"), ("refusal", "non_contact", "other", "total")),
    **dict.fromkeys(("RR5", "RR6", "REF3", "CON3"), ("refusal", "non_contact", "other")),
    **dict.fromkeys(("COOP1", "COOP2"), ("refusal", "other")),
    **dict.fromkeys(("COOP3", "COOP4"), ("refusal",)),
    "REF1": ("refusal", "total"),
    "CON1": ("refusal", "other", "total"),
}
# What stands below the line, in words.
BELOW = {
    **dict.fromkeys(("RR1", "RR2", "REF1", "CON1"), "all invited but those known not to be eligible"),
    **dict.fromkeys(("RR3", "RR4", "REF2", "CON2"), "the eligible, and the share e of those of unknown eligibility"),
    **dict.fromkeys(("RR5", "RR6", "REF3", "CON3"), "those known to be eligible"),
    **dict.fromkeys(("COOP1", "COOP2"), "the eligible that were reached"),
    **dict.fromkeys(("COOP3", "COOP4"), "those that answered, refused or broke off"),
}
# Counts without which a number of the formula would be too low; nothing else of the wave depends on them.
TOLD = ("refusal", "non_contact", "other")

TABLE = estimate_table(
    "survey_outcome_rate",
    "One row per survey wave and AAPOR outcome rate; the value is null, with the reason, where the dispositions that "
    "it needs are not documented or the link was open.",
    (
        Column("survey_code", "string", "Survey."),
        Column("wave", "string", "Wave of the survey."),
        Column("edition_id", "string", "Edition that the wave is."),
        Column("unit", "string", "What a unit is: `organisation` or `person`; null when the card does not say."),
        Column("n_complete", "int64", "I: complete responses in the file."),
        Column("n_partial", "int64", "P: partial responses in the file."),
        Column("n_refusal", "int64", "R: break-offs in the file and refusals told in the card; null when not told."),
        Column("n_non_contact", "int64", "NC: units not reached; null when the card does not say."),
        Column("n_other", "int64", "O: units reached that neither answered nor refused; null when not told."),
        Column("n_unknown", "int64", "U: units of unknown eligibility, told or what is left of those invited."),
        Column("denominator", "double", "What stands below the line; no whole number where it holds a share of U."),
        Column("eligible_share", "double", "e: share of the unknown that is eligible, 0 to 1; null when unknown."),
        Column("eligible_share_basis", "string", "How e was found."),
    ),
)

DISPOSITIONS = """
    select edition_id, survey_code, wave, is_synthetic, disposition, sum(n) as n
    from marts.fct_survey_disposition where n is not null
    group by all order by all
"""
DESIGN = """
    select edition_id, aspect, statement from marts.fct_survey_design where is_documented order by all
"""


def survey_outcome_rate(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Every rate of every wave, with its value or its reason."""
    counts: dict[tuple[str, str, str, bool], dict[str, int]] = {}
    for row in fetch_rows(connection, DISPOSITIONS):
        wave = (row["edition_id"], row["survey_code"], row["wave"], row["is_synthetic"])
        counts.setdefault(wave, {})[row["disposition"]] = int(row["n"])
    design: dict[str, dict[str, str]] = {}
    for row in fetch_rows(connection, DESIGN):
        design.setdefault(row["edition_id"], {})[row["aspect"]] = row["statement"]
    return TABLE.to_arrow(
        row | {"edition_id": edition, "survey_code": survey, "wave": wave, "is_synthetic": is_synthetic}
        for (edition, survey, wave, is_synthetic), told in counts.items()
        for row in rate_rows(edition, told, design.get(edition, {}))
    )


@dataclass(frozen=True)
class Known:
    """What a wave documents. ``missing``: counts that nobody told; ``reason`` is why it can have no rate at all."""

    counts: Dispositions
    missing: tuple[str, ...]
    basis: str
    reason: str

    def reason_for(self, rate: str) -> str:
        """Why this rate cannot be given; empty if it can."""
        if self.reason:
            return self.reason
        lost = [name for name in NEEDS[rate] if name in self.missing]
        if lost:
            names = {"total": "invited (or unknown_eligibility)"}
            return "dispositions not documented: " + ", ".join(names.get(name, name) for name in lost)
        if needs_share(rate) and self.counts.eligible_share is None:
            return "nobody estimated the eligible share of the unknown, and not_eligible is not documented"
        return ""


def known_of(told: Mapping[str, int], design: Mapping[str, str]) -> Known:
    """What the counts of a wave and the words of its card make of the disposition table."""
    reason = {"open": OPEN_LINK, "closed": ""}.get(design.get("link", ""), LINK_UNKNOWN)
    complete, partial, broken = (told.get(name, 0) for name in ("complete", "partial", "break_off"))
    refusal, non_contact, other = (told.get(name, 0) for name in TOLD)
    missing = [name for name in TOLD if name not in told]
    eligible = complete + partial + broken + refusal + non_contact + other
    # Nor does anybody know how many are eligible while some of them are not told.
    share, basis = _eligible_share(design, None if missing else eligible, told.get("not_eligible"))
    not_eligible, unknown = told.get("not_eligible"), told.get("unknown_eligibility", 0)
    if "invited" in told:
        # Of whom nothing ever came back nobody knows whether they were eligible (AAPOR, surveys of named persons by
        # mail or Internet), so they stand below the line.
        left = told["invited"] - eligible - (not_eligible or 0)
        contradiction = _contradiction(told, left, is_all_told=not missing)
        reason = reason or contradiction
        missing += ["total"] if contradiction else []
        unknown = max(left, 0)
    elif missing or "unknown_eligibility" not in told:
        missing.append("total")
    counts = Dispositions(complete, partial, broken + refusal, non_contact, other, unknown, share)
    return Known(counts, tuple(missing), basis, reason)


def _contradiction(told: Mapping[str, int], left: int, *, is_all_told: bool) -> str:
    """Why the counts cannot all be right, ``left`` being the invited without a known eligibility; empty if they can."""
    invited, unknown = told["invited"], told.get("unknown_eligibility")
    if left < (unknown or 0):
        return f"{invited} were invited, but the dispositions are those of {invited - left + (unknown or 0)}"
    if is_all_told and unknown is not None and left > unknown:
        return f"{invited} were invited, but {left - unknown} of them have no disposition"
    return ""


def _eligible_share(
    design: Mapping[str, str], eligible: int | None, not_eligible: int | None
) -> tuple[float | None, str]:
    if "eligible_share" in design:
        return float(design["eligible_share"]), design.get("eligible_share_basis", "")
    if eligible is None or not_eligible is None:
        return None, ""
    words = f"CASRO allocation: {eligible} of the {eligible + not_eligible} units of known eligibility are eligible"
    return casro_share(eligible, not_eligible), words


def rate_rows(edition_id: str, told: Mapping[str, int], design: Mapping[str, str]) -> Iterator[Row]:
    """The rows of one wave, without the columns that name it."""
    known = known_of(told, design)
    rates = outcome_rates(known.counts)
    unit = design.get("unit")
    units = UNITS.get(unit or "", "units (the card does not say whether organisations or persons)")
    for name, formula in RATES.items():
        reason, rate = known.reason_for(name), rates.get(name)
        if not reason and (rate is None or rate.value is None):
            reason = "nothing stands below the line"
        given = rate if not reason else None
        whole = given is not None and float(given.denominator).is_integer()
        yield {
            "estimate_id": estimate_id(TABLE.name, edition_id, name),
            "statistic": name,
            "domain": "all",
            "unit": unit,
            **_counts(known),
            "eligible_share": known.counts.eligible_share,
            "eligible_share_basis": known.basis or None,
            "value": given.value if given else None,
            "interval_method": "none (a count of those invited, not of a sample of them)" if given else "none",
            "numerator": given.numerator if given else None,
            "base_n": int(given.denominator) if given and whole else None,
            "denominator": given.denominator if given else None,
            "base": f"{units} of {series_words(edition_id)}: {BELOW[name]}",
            "null_reason": reason or None,
            "method": f"AAPOR {name} = {formula}",
            "method_version": METHOD_VERSION,
            "is_by_construction": False,
            "cited_source": None,
        }


def _counts(known: Known) -> Row:
    """The disposition table; a count that nobody told is null, not 0."""
    counts, missing = known.counts, known.missing
    return {
        "n_complete": counts.complete,
        "n_partial": counts.partial,
        "n_refusal": None if "refusal" in missing else counts.refusal,
        "n_non_contact": None if "non_contact" in missing else counts.non_contact,
        "n_other": None if "other" in missing else counts.other,
        # While others are not told, what is left of the invited is not the unknown alone.
        "n_unknown": None if missing else counts.unknown,
    }
