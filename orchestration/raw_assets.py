"""One asset for each source edition, and the check at the border in.

Belongs here: calling ingest and reporting its numbers. Does not belong here: reading files or judging them.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from ingest.catalog import Catalog, is_foreign
from ingest.problem import Problem, SourceError
from ingest.source_card import SourceCard
from orchestration.asset_keys import CATALOG_KEY, OUTPUT_FOLDER, raw_key
from orchestration.progress import stage
from orchestration.settings import Settings

PREVIEW_ROWS = 5
WAVE_PREVIEW = ("row_number", "disposition", "language", "n_answered", "is_counted")
# Signs by which text becomes a tag, a link, an emphasis or another cell.
MARKUP = frozenset("\\|<>&[]()*_`!#~")


def raw_keys_by_table(catalog: Catalog) -> dict[str, list[dg.AssetKey]]:
    """The raw assets behind each table that dbt reads."""
    from ingest.landing import landed_tables

    keys: dict[str, list[dg.AssetKey]] = {}
    for card in catalog.cards:
        for table in landed_tables(card):
            keys.setdefault(table, []).append(raw_key(card))
    return keys


def raw_definitions(catalog: Catalog, settings: Settings) -> list[dg.AssetsDefinition | dg.AssetChecksDefinition]:
    """The raw assets and their blocking check."""
    cards = {raw_key(card): card for card in catalog.cards}
    specs = [_spec(card) for card in catalog.cards]
    catalog_spec = dg.AssetSpec(
        CATALOG_KEY,
        deps=list(cards),
        group_name="raw",
        kinds={"yaml", "parquet"},
        description="What the source cards say: one row per active source and one per printed column.",
    )

    @dg.multi_asset(
        name="land_sources", specs=[*specs, catalog_spec], can_subset=True, required_resource_keys={OUTPUT_FOLDER}
    )
    def land_sources(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        """Land each selected edition as Parquet named by content hash."""
        from ingest.catalog_landing import land_catalog
        from ingest.landing import land_source, remove_other_sources, write_empty_files

        selected = context.selected_asset_keys
        problems: list[Problem] = []
        with stage("ingest", f"reading {len(cards)} sources"):
            write_empty_files(settings.raw)
            landed = {}
            for key, card in cards.items():
                try:
                    landed[key] = land_source(card, settings.raw, is_foreign=is_foreign(card))
                except SourceError as error:
                    problems += error.problems
            if problems:
                raise dg.Failure(description=str(SourceError(problems)), allow_retries=False)
            remove_other_sources(settings.raw, catalog.cards)
            try:
                land_catalog(catalog, {card.source_id: landed[key] for key, card in cards.items()}, settings.raw)
            except SourceError as error:
                raise dg.Failure(description=str(error), allow_retries=False) from error
        for key, card in cards.items():
            if key in selected:
                yield dg.MaterializeResult(
                    asset_key=key,
                    metadata={
                        "rows_read": landed[key].rows_read,
                        "rows_rejected": landed[key].rows_rejected,
                        "findings": dg.MetadataValue.md(_findings(landed[key].facts.problems)),
                        "file": dg.MetadataValue.path(landed[key].path),
                        "preview": dg.MetadataValue.md(_preview(landed[key].path, is_wave=card.is_wave)),
                    },
                    data_version=dg.DataVersion(landed[key].path.stem),
                )
        if CATALOG_KEY in selected:
            yield dg.MaterializeResult(asset_key=CATALOG_KEY, metadata={"sources": len(cards)})

    @dg.multi_asset_check(
        name="check_border_in",
        specs=[
            dg.AssetCheckSpec("border_in", asset=key, blocking=True, description="The edition looks plausible.")
            for key in cards
        ],
        can_subset=True,
        required_resource_keys={OUTPUT_FOLDER},
    )
    def check_border_in(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        """Great Expectations on each landed edition."""
        from orchestration.border_checks import check_landed_edition

        with stage("checks", "checking what came in"):
            for check_key in context.selected_asset_check_keys:
                yield check_landed_edition(cards[check_key.asset_key], catalog, settings)

    return [land_sources, check_border_in]


def _spec(card: SourceCard) -> dg.AssetSpec:
    content = card.content
    return dg.AssetSpec(
        raw_key(card),
        group_name="raw",
        kinds={card.file.suffix.removeprefix("."), "parquet"},
        description=f"{content['title']} ({content['publisher']['name']}, edition {card.edition}), as printed.",
        metadata={
            "publisher": content["publisher"]["name"],
            "page_address": dg.MetadataValue.url(content["page_address"]),
            "licence": content["licence"]["name"],
            "file_sha256": content["sha256"],
            "reviewed_on": content["reviewed_on"],
            "synthetic": card.is_synthetic,
        },
    )


def _preview(path: Path, *, is_wave: bool = False) -> str:
    """The first rows as printed, of a survey wave its first responses without an answer, as a Markdown table."""
    import pyarrow.parquet as pq

    if is_wave:
        responses = pq.read_table(path, columns=list(WAVE_PREVIEW)).slice(0, PREVIEW_ROWS).to_pylist()
        return _table([list(WAVE_PREVIEW), *(map(str, row.values()) for row in responses)])
    rows = pq.read_table(path, columns=["row_number", "printed"]).slice(0, PREVIEW_ROWS).to_pylist()
    header = ["row", *(name for name, _ in rows[0]["printed"])] if rows else []
    return _table([header, *([str(row["row_number"]), *(text for _, text in row["printed"])] for row in rows)])


def _table(lines: Sequence[Iterable[str]]) -> str:
    """Lines of cells, the first of them the header, as a Markdown table."""
    header, *rows = [list(line) for line in lines]
    if not rows:
        return "no rows"
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in (header, ["---"] * len(header), *rows))


def _findings(problems: Iterable[Problem]) -> str:
    """What was found while the file was read, as a Markdown list."""
    return "\n".join(f"- {each.outcome}: {_cell(str(each))}" for each in problems) or "none"


def _cell(text: str) -> str:
    """Text that stays one cell of a Markdown table and cannot become markup: no tag, no link, no code."""
    plain = (sign if sign.isprintable() else " " for sign in text)
    return "".join(f"&#{ord(sign)};" if sign in MARKUP else sign for sign in plain)
