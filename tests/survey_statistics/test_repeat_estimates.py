"""Rows of `stats.survey_estimate` for the entries of a repeated group, on the wave of ``test_repeat``."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from analytics.explanation.survey_membership import SURVEY_MEMBERS
from analytics.topics import survey_estimate
from analytics.topics.survey_wave import Wave, groups_of, read_waves
from tests.survey_statistics.test_repeat import EDITION, TABLES

# What the topics ask of a release beside the tables that open a wave.
MORE = """
    alter table marts.dim_survey_wave add column survey_code varchar default 'mihon';
    alter table marts.dim_survey_wave add column wave varchar default '2020';
    alter table marts.dim_survey_wave add column microdata varchar default '{microdata}';
    alter table marts.dim_survey_option alter column option_ja type varchar;
    alter table marts.dim_survey_question add column is_in_file boolean default true;
    insert into marts.fct_survey_design values
        ('mihon/2020', 'domains', 'side', true, true, null), ('mihon/2020', 'unit', 'organisation', true, true, null);
"""
# The answers to two questions as the view of a release has them.
ANSWERS = """
    create table marts.fct_survey_answer as
    select 'mihon' as survey_code, '2020' as wave, 'r' || response_no as response_id, null::integer as repeat_no,
        'side' as question_code, case side when 1 then 'e' else 'w' end as option_code, 'selected' as state, is_counted
    from survey.mihon_2020
    union all
    select 'mihon', '2020', 'r' || response_no, repeat_no, 'abroad', case abroad when 1 then 'y' when 2 then 'n' end,
        case when abroad > 0 then 'selected' else 'not_answered' end, is_counted
    from survey.mihon_2020_partners;
"""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute(TABLES)
        yield opened


def groups(connection: duckdb.DuckDBPyConnection, microdata: str) -> list[Wave]:
    connection.execute(MORE.format(microdata=microdata))
    return [group for wave in read_waves(connection) for group in groups_of(connection, wave)]


def test_the_rows_of_a_group_count_entries_and_say_so(connection: duckdb.DuckDBPyConnection) -> None:
    (group,) = groups(connection, "published")
    rows = list(survey_estimate.wave_rows(group))
    assert {row["question_code"] for row in rows} == {"abroad", "years", "fields"}
    assert len({row["estimate_id"] for row in rows}) == len(rows)
    east = next(row for row in rows if (row["domain"], row["category"]) == ("side = East", "Yes"))
    assert (east["numerator"], east["base_n"], east["value"]) == (2, 4, 0.5)
    assert east["base"] == (
        "5 entries of partners by 3 of 4 counted responses; entries that answered abroad; side = East"
    )
    assert east["speaks_of"] == "the process behind entries of partners of these organisations"
    assert east["query"] == (
        f'observatory.survey("{EDITION}", inference="process", repeat="partners").proportion("abroad", by="side")'
    )
    # By hand: entries of response 1 are two of three, that of response 2 is none, and the response is the unit.
    assert east["standard_error"] == pytest.approx((4 / 3 * 2 * 0.125**2) ** 0.5)


def test_the_members_of_a_row_are_as_many_entries_as_it_says(connection: duckdb.DuckDBPyConnection) -> None:
    (group,) = groups(connection, "published")
    connection.execute(ANSWERS)
    table = survey_estimate.TABLE.to_arrow(
        {name: row[name] for name in row if name not in survey_estimate.FOR_PROTECTION}
        for row in survey_estimate.wave_rows(group)
        if row["question_code"] == "abroad"
    )
    connection.register("told", table)
    connection.execute("create schema stats; create table stats.survey_estimate as from told")
    found = connection.execute(
        f"""
        select estimate.domain, category, estimate.numerator, base_n, count(*) filter (where is_counted), count(*),
               list(counts_as order by counts_as)
        from stats.survey_estimate as estimate join ({SURVEY_MEMBERS}) as member using (estimate_id)
        group by all order by all
        """
    ).fetchall()
    assert [row[:4] for row in found] == [
        ("all", "No", 2, 4), ("all", "Yes", 2, 4), ("side = East", "No", 2, 4), ("side = East", "Yes", 2, 4),
    ]  # fmt: skip
    assert [row[4:6] for row in found] == [row[2:4] for row in found]
    assert found[0][6] == ["r1, entry 1: Yes", "r1, entry 2: Yes", "r1, entry 3: No", "r2, entry 1: No"]


@pytest.mark.fault
def test_r04_a_withheld_wave_has_no_rows_of_its_groups(connection: duckdb.DuckDBPyConnection) -> None:
    assert groups(connection, "withheld") == []
