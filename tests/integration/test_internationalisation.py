"""How international a cluster is: each level from the printed cells by a rule of its own, and what documents date."""

from __future__ import annotations

import csv

import pytest

from ingest.catalog import BUNDLED_SOURCES
from tests.integration.observatory import Observatory

MAPPING = BUNDLED_SOURCES / "cluster_mapping"
YES_NO = {"yes": True, "no": False, "": None}
Printed = dict[str, bool | None]


def printed_parts(edition: str) -> dict[int, Printed]:
    """The six parts of each row of the mapping, by the row number of a spreadsheet, read from the file alone."""
    with (MAPPING / edition / f"cluster_mapping_{edition}.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    found = {}
    for number, line in enumerate(lines, start=2):
        links = line["programme links"].split("; ") if line["programme links"] else []
        found[number] = {
            "english": YES_NO[line["English site"]],
            "contact": YES_NO[line["international contact"]],
            "agreement": YES_NO[line["agreement with foreign partner"]],
            "office": YES_NO[line["office abroad"]],
            "rit": "RIT" in links if links else None,
            "escp4i": any("ESCP" in link for link in links) if links else None,
        }
    return found


def level(parts: Printed, unknown: bool) -> int:
    """The rule of internationalisation-1 as its text gave it, every unknown part taken as ``unknown``."""
    there = {part for part, holds in parts.items() if (unknown if holds is None else holds)}
    if {"agreement", "office"} <= there:
        return 4
    if there & {"agreement", "office"}:
        return 3
    if there & {"contact", "rit", "escp4i"}:
        return 2
    return 1 if "english" in there else 0


@pytest.mark.parametrize(("edition", "n_without_data"), [("2013", 5), ("2016", 0)])
def test_each_level_follows_from_the_printed_cells(bundled: Observatory, edition: str, n_without_data: int) -> None:
    parts = printed_parts(edition)
    found = bundled.query(
        "select cast(split_part(row_id, '#', 2) as integer), ordinal_level, level_lowest, level_highest "
        "from marts.fct_internationalisation where edition_id = ?",
        [f"cluster_mapping/{edition}"],
    )
    assert len(found) == len(parts) - n_without_data
    assert {row[0]: row[1:] for row in found} == {
        row[0]: (level(parts[row[0]], False), level(parts[row[0]], False), level(parts[row[0]], True)) for row in found
    }


@pytest.mark.parametrize("edition", ["2013", "2016"])
def test_one_part_different_gives_the_level_of_the_changed_cells(bundled: Observatory, edition: str) -> None:
    parts = printed_parts(edition)
    names = {
        "has_english_site": "english",
        "has_international_contact": "contact",
        "has_foreign_agreement": "agreement",
        "has_rit_participation": "rit",
        "has_escp4i_membership": "escp4i",
        "has_office_abroad": "office",
    }
    found = bundled.query(
        "select cast(split_part(row_id, '#', 2) as integer), part_code, level_if_other "
        "from marts.fct_internationalisation_sensitivity join marts.fct_internationalisation "
        "using (cluster_id, edition_id) where edition_id = ?",
        [f"cluster_mapping/{edition}"],
    )
    wrong = [
        (number, part_code, other)
        for number, part_code, other in found
        if other != level(parts[number] | {names[part_code]: not parts[number][names[part_code]]}, False)
    ]
    assert len(found) == 6 * len({number for number, _, _ in found})
    assert wrong == []


def test_the_relation_with_the_eu_is_read_from_the_published_classes(bundled: Observatory) -> None:
    """14 with ongoing relations, 8 with past ones, 10 + 7 + 4 in classes without any, 9 without a word: 52."""
    found = dict(
        bundled.query(
            "select value_code, count(*) from marts.fct_internationalisation_part "
            "where edition_id = 'cluster_mapping/2016' and part_code = 'eu_relation' group by all"
        )
    )
    assert found == {"current": 14, "past": 8, "none": 21, "unknown": 9}


def part(bundled: Observatory, name: str, part_code: str) -> tuple[object, ...]:
    [row] = bundled.query(
        "select value_code, evidence_row_id, cast(since_date as varchar), evidence_kind "
        "from marts.fct_internationalisation_part join marts.dim_cluster using (cluster_id) "
        "where edition_id = 'named_organisations/2018-12' and label = ? and part_code = ?",
        [name, part_code],
    )
    return row


def test_dated_agreements_of_the_documents_are_evidence(bundled: Observatory) -> None:
    """The paper on Japan dates Kobe's letter of intent to May 2016; it says of Toyama: none so far."""
    kobe = part(bundled, "Kobe Biomedical Innovation Cluster", "has_foreign_agreement")
    assert kobe == ("yes", "eu_japan_partnerships-2020#4", "2016-05-01", "dated agreement")
    osaka = part(bundled, "Osaka Bio Headquarters", "has_foreign_agreement")
    assert osaka == ("yes", "eu_japan_partnerships-2020#12", "2011-01-01", "dated agreement")
    assert part(bundled, "Toyama Pharmaceutical Association", "has_foreign_agreement")[0] == "unknown"
    assert part(bundled, "Toyama Pharmaceutical Association", "has_rit_participation")[0] == "yes"
    [(ordinal, reason, change)] = bundled.query(
        "select ordinal_level, level_reason, would_change "
        "from marts.fct_internationalisation join marts.dim_cluster using (cluster_id) "
        "where edition_id = 'named_organisations/2018-12' and label = 'Kobe Biomedical Innovation Cluster'"
    )
    assert ordinal == 3
    assert reason.startswith("3, because: agreement with a foreign partner (letter of intent")
    assert "with Life Science Nord, dated 2016-05" in reason
    assert "agreement with a foreign partner (yes): level 2 if absent" in change


def test_a_roster_known_in_part_denies_nothing(bundled: Observatory) -> None:
    """No roster at hand is complete, and the real lists print no programme links: so nobody is known to stay away."""
    found = bundled.query(
        "select distinct value_code from marts.fct_internationalisation_part "
        "where not is_synthetic and part_code in ('has_rit_participation', 'has_escp4i_membership') order by 1"
    )
    assert found == [("unknown",), ("yes",)]
    [(value, lower, upper, reason)] = bundled.query(
        "select value, lower, upper, null_reason from stats.internationalisation_level "
        "where edition_id = 'named_organisations/2018-12' and level_code = 'has_rit_participation'"
    )
    assert value is None
    assert lower < 1
    assert upper == 1
    assert "none denies it" in reason


def test_nothing_dated_after_the_list_counts(extended: Observatory) -> None:
    assert (
        extended.query(
            "select part.cluster_id, part.edition_id, part_code from marts.fct_internationalisation_part as part "
            "join marts.dim_edition as edition on edition.edition_id = part.edition_id "
            "where part.since_date > edition.reference_date or part.until_date > edition.reference_date"
        )
        == []
    ), "a part rests on something later than its edition"


def test_every_answer_leads_to_a_printed_row_of_its_own_kind(extended: Observatory) -> None:
    """A row of a source, never a synthetic one for a real cluster; an unknown part has a reason instead."""
    assert extended.query(
        "select count(*) from marts.fct_internationalisation_part where value_code <> 'unknown' "
        "and evidence_row_id is null"
    ) == [(0,)]
    assert (
        extended.query(
            "select part.evidence_row_id from marts.fct_internationalisation_part as part "
            "left join marts.dim_source as source on source.source_id = split_part(part.evidence_row_id, '#', 1) "
            "where part.evidence_row_id is not null and (source.source_id is null "
            "or source.is_synthetic <> part.is_synthetic "
            "or cast(split_part(part.evidence_row_id, '#', 2) as integer) > source.rows_read + 1)"
        )
        == []
    )
    assert extended.query(
        "select count(*) from marts.fct_internationalisation_part where value_code = 'unknown' and length(basis) < 20"
    ) == [(0,)]


def test_a_list_without_a_word_on_work_abroad_has_no_level_and_says_so(extended: Observatory) -> None:
    found = extended.query(
        "select count(*), count(ordinal_level), min(level_lowest), max(level_lowest), min(level_highest), "
        "bool_and(level_reason like 'no level, because no part is known%') "
        "from marts.fct_internationalisation where edition_id like 'small_world/%'"
    )
    [(n, n_levels, *bounds, says_so)] = found
    assert n > 0
    assert (n_levels, bounds, says_so) == (0, [0, 0, 4], True)
    assert extended.query(
        "select count(*) from stats.internationalisation_level where edition_id like 'small_world/%'"
    ) == [(0,)]


def test_moves_from_a_level_add_to_one(bundled: Observatory) -> None:
    found = bundled.query(
        "select scale, from_level_code, sum(value), sum(numerator) - min(base_n) from stats.level_transition "
        "where family = 'cluster_mapping' group by all order by all"
    )
    assert {scale for scale, *_ in found} == {"printed", "ordinal"}
    assert [row for row in found if row[2] != pytest.approx(1) or row[3]] == []


def test_every_level_that_a_cluster_could_have_has_its_bounds(bundled: Observatory) -> None:
    """Also those at which no cluster is counted, because what would lift one there is not stated."""
    missing = bundled.query(
        """
        with possible as (
            select edition_id, is_synthetic, cast(unnest(range(level_lowest, level_highest + 1)) as varchar) as level
            from marts.fct_internationalisation
        )
        select possible.edition_id, possible.level, count(*), any_value(estimate.upper * estimate.base_n)
        from possible left join stats.internationalisation_level as estimate
          on estimate.edition_id = possible.edition_id and estimate.level_code = possible.level
         and estimate.scale = 'ordinal' and estimate.is_synthetic = possible.is_synthetic
        group by all
        having count(*) <> coalesce(round(any_value(estimate.upper * estimate.base_n)), 0)
        """
    )
    assert missing == []
