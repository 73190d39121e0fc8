"""Hand frames to the expectations at the two borders and turn their outcome into Dagster check results.

Belongs here: fetching what a border check needs. Does not belong here: what must hold (``expectations``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from ingest.catalog import Catalog
from ingest.landing import landed_path
from ingest.source_card import SourceCard
from orchestration.asset_keys import CANDIDATE_KEY, raw_key
from orchestration.edition_validation import validate_edition
from orchestration.settings import Settings

if TYPE_CHECKING:
    from expectations.validate import Validation


def check_landed_edition(card: SourceCard, catalog: Catalog, settings: Settings) -> dg.AssetCheckResult:
    """The border in: does this landed edition look plausible, also beside the edition before it?"""
    key = raw_key(card)
    landed = landed_path(card, settings.raw)
    if card.path.is_relative_to(settings.accepted) and not _n_entries(card, landed):
        told = f"{card.family}, edition {card.edition}: the file has a header and no rows; nothing could be checked."
        severity = dg.AssetCheckSeverity.WARN
        return dg.AssetCheckResult(
            passed=False, check_name="border_in", asset_key=key, severity=severity, description=told
        )
    before = None if card.is_wave else _edition_before(card, catalog)
    validation = validate_edition(card, landed, landed_path(before, settings.raw) if before else None)
    return check_result(validation, "border_in", key)


def check_result(validation: Validation, name: str, key: dg.AssetKey) -> dg.AssetCheckResult:
    """One Dagster check result for all expectations on a subject, each of them a row of its table."""
    rows = [
        dg.TableRecord({"holds": each.is_passed, "severity": each.severity, "outcome": each.message})
        for each in validation.outcomes
    ]
    told = validation.errors or validation.warnings
    return dg.AssetCheckResult(
        passed=not told,
        check_name=name,
        asset_key=key,
        severity=dg.AssetCheckSeverity.ERROR if validation.errors else dg.AssetCheckSeverity.WARN,
        description=" ".join(each.message for each in told) or None,
        metadata={"expectations": dg.MetadataValue.table(rows), "rows": validation.n_rows} if rows else None,
    )


def _edition_before(card: SourceCard, catalog: Catalog) -> SourceCard | None:
    """The family's edition with the newest reference date before this one's."""
    earlier = [
        each
        for each in catalog.cards
        if each.family == card.family and each.content["reference_date"] < card.content["reference_date"]
    ]
    return max(earlier, key=lambda each: each.content["reference_date"], default=None)


def _n_entries(card: SourceCard, landed: Path) -> int:
    import pyarrow.parquet as pq

    if card.is_wave:
        return int(pq.read_metadata(landed).num_rows)
    return int(pq.read_table(landed, columns=["rejected_reason"])["rejected_reason"].null_count)


def check_candidate(settings: Settings) -> dg.AssetCheckResult:
    """The border out: may these tables be published?"""
    from expectations.border_out import check_release
    from orchestration.published_frames import published_frames
    from orchestration.survey_audit import disclosed

    frames = published_frames(settings)
    return check_result(check_release(frames, disclosed(frames, settings)), "border_out", CANDIDATE_KEY)
