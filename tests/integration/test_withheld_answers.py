"""A wave whose answers are withheld: no single one is in the release, small counts are hidden alike everywhere."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pandas as pd
import pytest

from analytics.survey_publication.audit import audit_tables
from expectations.border_out import check_disclosure
from tests.integration.observatory import Observatory
from tests.integration.test_survey_privacy import contents
from tests.integration.withheld_wave import EDITION, SECRET, TABLE

AUDITED = ("marts.dim_survey_wave", "marts.dim_survey_question", "marts.fct_survey_design",
           "reports.rpt_survey_codebook", "stats.survey_estimate")  # fmt: skip


@pytest.fixture(scope="module")
def published(extended: Observatory) -> dict[str, pd.DataFrame]:
    """The tables of the release that tell of answers, as a reader finds them."""
    folder = extended.latest / "parquet"
    return {name: pd.read_parquet(folder / f"{name.replace('.', '/')}.parquet") for name in AUDITED}


def regions(observatory: Observatory) -> dict[str, int | None]:
    query = "select option_en, n from reports.rpt_survey_codebook where edition_id = ? and question_code = 'region'"
    return dict(observatory.query(query, [EDITION]))


def test_no_answer_is_in_any_file_of_the_release(extended: Observatory) -> None:
    assert extended.query("select microdata, n_counted from marts.dim_survey_wave where edition_id = ?", [EDITION]) == [
        ("withheld", 44)
    ]
    for table in ("fct_survey_response", "fct_survey_answer"):
        assert extended.query(f"select count(*) from marts.{table} where survey_code = 'mihon_panel'") == [(0,)]
    assert list(extended.latest.rglob(f"{TABLE}*.parquet")) == []
    holding = [path.name for path, content in contents(extended.latest) if SECRET.encode() in content]
    assert holding == []


def test_the_owner_has_them_and_verify_looks_after_them(extended: Observatory) -> None:
    folder = extended.home / "restricted" / "microdata" / extended.latest.name
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    wide = pd.read_parquet(folder / "survey" / f"{TABLE}.parquet")
    assert (len(wide), int(wide["remark"].str.contains(SECRET).sum())) == (44, 33)
    assert stat.S_IMODE((folder / "survey" / f"{TABLE}.parquet").stat().st_mode) == 0o600
    done = extended.run("verify")
    assert "The answers withheld from it are whole: 2 files" in done.stdout, done.stderr


@pytest.mark.fault
def test_r02_a_cell_of_three_is_suppressed_with_a_second_one(extended: Observatory) -> None:
    found = regions(extended)
    assert found["West"] is None
    hidden = [region for region, n in found.items() if n is None]
    assert len(hidden) == 2
    # What is left does not tell the three: another region is hidden with it, and the sum says only both.
    assert sum(n for n in found.values() if n is not None) in (44 - 3 - 16, 44 - 3 - 15, 44 - 3 - 10)


@pytest.mark.fault
def test_r03_a_row_with_one_hidden_cell_and_a_total_stops_the_release(published: dict[str, pd.DataFrame]) -> None:
    assert list(audit_tables(published)) == []
    codebook = published["reports.rpt_survey_codebook"].copy()
    of_wave = (codebook["edition_id"] == EDITION) & (codebook["question_code"] == "region") & codebook["n"].isna()
    other = codebook.index[of_wave & (codebook["option_en"] != "West")]
    codebook.loc[other, "n"] = {"North": 16, "South": 15, "East": 10}[codebook.loc[other[0], "option_en"]]
    told = list(audit_tables({**published, "reports.rpt_survey_codebook": codebook}))
    assert any("region = West" in sentence and "3" in sentence for sentence in told), told
    stopped = check_disclosure(told).errors
    assert "docs/disclosure.md" in stopped[0].message
    assert "個々の回答が分かってはなりません" in stopped[0].message_ja


@pytest.mark.fault
def test_r04_the_same_cells_are_hidden_in_every_table_page_language_and_file(extended: Observatory) -> None:
    hidden = {region for region, n in regions(extended).items() if n is None}
    query = (
        "select distinct category, numerator, value, standard_error, lower, upper from stats.survey_estimate "
        "where edition_id = ? and question_code = 'region' and statistic = 'proportion'"
    )
    estimates = extended.query(query, [EDITION])
    assert {category for category, *_ in estimates} == {"North", "South", "East", "West"}
    assert {category for category, *numbers in estimates if numbers == [None] * 5} == hidden
    folder = extended.latest / "codebooks" / TABLE
    japanese = {"North": "北", "South": "南", "East": "東", "West": "西"}
    for language, labels in (("en", {name: name for name in japanese}), ("ja", japanese)):
        page = (folder / f"codebook.{language}.html").read_text(encoding="utf-8")
        asked = page.partition('id="region"')[2] or page
        rows = {name: asked.partition(f">{text}<")[2].partition("</tr>")[0] for name, text in labels.items()}
        assert {name for name, row in rows.items() if re.search(r">\s*c\s*<", row)} == hidden, language
    ddi = (folder / "ddi.xml").read_text(encoding="utf-8")
    variable = ddi.partition('name="region"')[2].partition("</var>")[0]
    counted = set(re.findall(r"<labl xml:lang=\"en\">(\w+)</labl>\s*<labl[^>]*>[^<]*</labl>\s*<catStat", variable))
    assert set(japanese) - counted == hidden
    later = [(name, n) for name, n in regions(extended).items() if n is not None]
    assert len(later) == 2


def test_what_is_suppressed_says_why_and_what_is_not_has_all_its_fields(extended: Observatory) -> None:
    rows = extended.query(
        "select suppressed, null_reason, value, standard_error, base_n, weighted_n, degrees_of_freedom, df_rule, "
        "base, method, query, inference, is_fpc_used from stats.survey_estimate where edition_id = ?", [EDITION]
    )  # fmt: skip
    assert {row[11] for row in rows} == {"population", "process"}
    assert {(row[11], row[12]) for row in rows} == {("population", True), ("process", False)}
    for suppressed, reason, value, error, n, weighted_n, df, rule, base, method, query, *_ in rows:
        assert query.startswith(f'observatory.survey("{EDITION}", inference=')
        assert base
        assert method
        if suppressed:
            assert (suppressed[:10], reason, value, error, df) == ("suppressed", suppressed, None, None, None)
        elif value is not None:
            assert n >= 5
            assert None not in (weighted_n, rule)
    assert {bool(row[0]) for row in rows} == {True, False}


def test_bundled_answers_are_published_and_say_so(extended: Observatory) -> None:
    query = "select distinct suppressed from {} where edition_id = 'eu_japan_cooperation/2020'"
    for table in ("stats.survey_estimate", "stats.survey_test", "reports.rpt_survey_codebook"):
        assert extended.query(query.format(table)) == [("not suppressed: the answers themselves are published",)], table
    assert extended.query("select distinct suppressed from stats.survey_result") == [
        ("not suppressed: published by its source",)
    ]


def test_a_shown_folder_is_not_left_behind(extended: Observatory) -> None:
    assert (Path(extended.home) / "work" / "shown" / "problems.json").read_text(encoding="utf-8") == "[]"
