"""The pages: self-contained, marked where synthetic, escaped, with all a table must say; how numbers are written."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from analytics.estimates import write_estimates
from analytics.pages import write_dictionary, write_report
from analytics.pages.number_format import count_of, number_range, percent, percent_range, words
from analytics.pages.report import is_public_address

WORLD = Path(__file__).parents[1] / "golden" / "analytics_world.sql"
RELEASE = "2026-11-22-0123456789ab"


def make_release(folder: Path, change: str = "") -> Path:
    """A released file from the small world; ``change`` is SQL run on the marts before the estimates."""
    database = folder / "observatory.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(WORLD.read_text(encoding="utf-8"))
        if change:
            connection.execute(change)
    write_estimates(database, folder / "estimates")
    with duckdb.connect(str(database)) as connection:
        for file in sorted((folder / "estimates").glob("*.parquet")):
            connection.execute(f"create table stats.{file.stem} as select * from read_parquet('{file}')")
    return database


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def page(database: Path) -> str:
    (path,) = write_report(database, database.parent / "report", RELEASE)
    return path.read_text(encoding="utf-8")


def figures(page: str) -> list[str]:
    return re.findall(r"<figure.*?</figure>", page, flags=re.DOTALL)


def test_the_page_needs_nothing_from_outside(page: str) -> None:
    assert "<script" not in page.replace("&lt;script", "")
    assert not re.search(r'(?:src|<link[^>]+href)="', page)
    assert "@import" not in page
    assert "url(" not in page


def test_every_table_says_base_n_missing_method_source_query_and_release(page: str) -> None:
    found = figures(page)
    assert len(found) > 15
    for figure in found:
        for part in ("Base", "n", "Missing", "Unit", "Method", "Source", "Query", "Release"):
            assert f"<b>{part}</b>" in figure
        assert RELEASE in figure


def test_every_query_under_a_table_runs(database: Path, page: str) -> None:
    queries = {query.replace("&#39;", "'") for query in re.findall(r"<b>Query</b> <code>(.*?)</code>", page)}
    queries = {query.replace("&lt;", "<").replace("&gt;", ">") for query in queries}
    with duckdb.connect(str(database), read_only=True) as connection:
        for query in queries:
            connection.execute(query).fetchall()


def test_synthetic_rows_are_announced_and_marked(page: str) -> None:
    assert "This page contains synthetic rows." in page
    marked = [figure for figure in figures(page) if 'class="synthetic"' in figure[:200]]
    assert any("What became of those listed: cluster mapping" in figure for figure in marked)
    assert all("SYNTHETIC ROWS" in figure for figure in marked if "<svg" in figure)
    assert not any("JETRO RIT" in figure and "Range over" in figure for figure in marked)
    assert not any("What the published totals alone allow" in figure for figure in marked)


def test_no_synthetic_rows_no_banner(tmp_path: Path) -> None:
    tables = ("dim_edition", "dim_source", "fct_cluster_survival", "fct_internationalisation", "fct_cluster_presence")
    tables += ("fct_survey_disposition", "fct_survey_design", "fct_survey_cherries")
    change = ";".join(f"update marts.{table} set is_synthetic = false" for table in tables)
    database = make_release(tmp_path, change + "; delete from reports.rpt_control_gap where basis = 'by_construction'")
    (path,) = write_report(database, tmp_path / "report", RELEASE)
    text = path.read_text(encoding="utf-8")
    assert "This page contains synthetic rows." not in text
    assert 'class="synthetic"' not in text
    assert "SYNTHETIC ROWS" not in text


def test_by_construction_is_shown_and_never_as_confirmed(page: str) -> None:
    (table,) = [figure for figure in figures(page) if "Level as printed: cluster mapping 2016" in figure]
    assert table.count(">by construction</span>") == 6
    assert ">pass<" not in table


def test_printed_text_is_escaped_and_japanese_survives(page: str) -> None:
    assert '<span lang="ja">福島県</span> &lt;script&gt;alert(1)&lt;/script&gt;' in page
    assert "one &lt;row&gt; is known to be missing" in page
    assert "A publisher &amp; sons" in page


def test_no_percentage_on_a_base_under_ten(page: str) -> None:
    (table,) = [figure for figure in figures(page) if "What became of those listed: harbour list" in figure]
    assert "3 of 4" in table
    assert "75 %" not in table
    assert "<svg" not in table


def test_the_known_conflict_stands_with_both_claims(page: str) -> None:
    (table,) = [figure for figure in figures(page) if 'id="source-conflicts"' in figure]
    assert "15 projects (A paper, sentence 2)" in table
    assert "16 projects (A paper, sentence 3)" in table
    assert "second claim" in table


def test_every_link_inside_the_page_has_its_place(page: str) -> None:
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_the_page_is_well_formed(page: str) -> None:
    void = {"meta", "br", "hr", "img", "input", "link"}
    stack: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in void:
                stack.append(tag)

        def handle_startendtag(self, tag: str, attrs: object) -> None:
            return

        def handle_endtag(self, tag: str) -> None:
            assert stack.pop() == tag

    Checker().feed(page)
    assert stack == []


def test_the_same_release_gives_the_same_bytes(database: Path, page: str, tmp_path: Path) -> None:
    (path,) = write_report(database, tmp_path, RELEASE)
    assert path.read_text(encoding="utf-8") == page


def test_the_dictionary_shows_every_table_column_and_comment(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "dictionary.html"
    write_dictionary(database, out, RELEASE)
    text = out.read_text(encoding="utf-8")
    assert "One row per edition of a source." in text
    assert "Title of the edition." in text
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    assert all(f'id="{schema}.{name}"' in text for schema, name in tables)
    for word in ("edition", "mention", "cluster", "decision", "event", "estimate", "survived by takeover"):
        assert f"<dt>{word}</dt>" in text


def test_the_dictionary_shows_printed_and_own_columns(tmp_path: Path) -> None:
    change = """
        create table marts.dim_source_column as
        select 'harbour_list-2018' as source_id, 1 as column_number, '名称' as printed_column, 'name' as our_column
        union all select 'harbour_list-2018', 2, 'remark', null
    """
    out = tmp_path / "dictionary.html"
    write_dictionary(make_release(tmp_path, change), out, RELEASE)
    text = out.read_text(encoding="utf-8")
    assert '<th scope="row">名称</th><td><code>name</code></td>' in text
    assert '<th scope="row">remark</th><td><code>kept as printed only</code></td>' in text


@pytest.mark.parametrize(
    ("value", "base", "text"),
    [
        (0.538, 52, "54 %"),
        (0.125, 16, "13 %"),
        (0.538, 884, "53.8 %"),
        (0.75, 4, "base < 10"),
        (None, 52, "–"),
        (0.72, None, "72 %"),
        (0.0, 12, "0 %"),
    ],
)
def test_percent(value: float | None, base: int | None, text: str) -> None:
    assert percent(value, base) == text


def test_other_numbers() -> None:
    assert percent_range(0.405, 0.667, 52) == "41–67 %"
    assert percent_range(None, None, 52) == "–"
    assert count_of(38, 45) == "38 of 45"
    assert number_range(0, 45) == "0–45"
    assert number_range(7, None) == "at least 7"
    assert words("out_of_scope") == "out of scope"
    assert words(None) == "–"


def table(page: str, title: str) -> str:
    (found,) = [figure for figure in figures(page) if f"<h3>{title}" in figure]
    return found


def test_what_changed_is_listed_by_name_and_what_did_not_is_counted(page: str) -> None:
    found = table(page, "New, gone or renamed: Mapping 2013")
    assert found.count("new in the later edition") == 14
    assert found.count("<td>renamed</td>") == 7
    assert "30 in both without change" in found
    assert "Imaginary Cluster 31" in found
    assert "Renamed Cluster 31" in found
    assert "Imaginary Cluster 30" not in found
    assert "follows Imaginary Cluster 39" in found
    assert 'class="synthetic"' in found
    assert 'Imaginary Cluster 31 (<span lang="ja">旧</span>JPC-0031)' in found


def test_no_key_number_is_synthetic_and_inferred_rows_stand_apart(page: str) -> None:
    keys = page[page.index('<ul class="keys">') : page.index("</ul>", page.index('<ul class="keys">'))]
    assert 'class="mark"' not in keys
    assert "survived" not in keys
    assert "13 named and 2 inferred of 16" in keys
    assert "recomputed from our own rows" not in page


def test_an_inferred_renewal_is_never_called_published(page: str) -> None:
    found = table(page, "By new and renewed: RIT projects FY2016")
    assert "new, as published" in found
    assert "not among the new (renewal inferred)" in found
    assert "renewed, as published" not in found


def test_the_rule_of_the_levels_and_the_parts_not_stated_stand_under_the_table(page: str) -> None:
    found = table(page, "Ordinal level, 0 to 4: cluster mapping 2016")
    assert "4: agreement with a foreign partner and office abroad" in found
    assert "12 with at least one part not stated" in found


def test_whether_moves_balance_stands_with_the_exact_p(page: str) -> None:
    found = re.sub(r"<[^>]+>", " ", table(page, "Do the moves balance? cluster mapping, 2013 to 2016"))
    printed = found[found.index("Level as printed") : found.index("Ordinal level")]
    assert re.search(r"38\s+24\s+24\.00\s+4\s+&lt; 0\.001\s+&lt; 0\.001", printed)
    assert "Not given: no unit changed its level." in found


def test_a_share_of_a_roster_known_in_part_cannot_be_said(tmp_path: Path) -> None:
    change = """
        insert into marts.dim_edition by name select * replace (
            'fy2018' as edition, 'jetro_rit/fy2018' as edition_id, 'RIT projects FY2018' as title,
            date '2018-04-01' as reference_date, 2 as edition_order, 1 as n_rows
        ) from marts.dim_edition where edition_id = 'jetro_rit/fy2016';
        insert into marts.fct_cluster_survival by name select * replace (
            'jetro_rit' as family, 'jetro_rit/fy2016' as from_edition_id, 'jetro_rit/fy2018' as to_edition_id,
            'unknown' as outcome_code, 'initiative' as unit_kind, false as is_synthetic, false as is_provisional
        ) from marts.fct_cluster_survival where family = 'cluster_mapping' and cluster_id <= 'JPC-0015'
    """
    database = make_release(tmp_path, change)
    (path,) = write_report(database, tmp_path / "report", RELEASE)
    found = table(path.read_text(encoding="utf-8"), "Programme rosters: entries found again")
    assert "cannot be said" in found
    assert "the later roster is known only in part" in found
    assert "0–100 %" in found
    assert ">0 %<" not in found


@pytest.mark.parametrize(
    ("text", "is_link"),
    [
        ("https://www.example.org/list?year=2016", True),
        ("http://クラスター.jp/", True),
        ("http://localhost:8080/", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("http://[::1]/", False),
        ("http://intranet/list", False),
        ("https://user:word@example.org/", False),
        ("javascript:alert(1)", False),
        ("file:///etc/hosts", False),
        ("http is a protocol", False),
    ],
)
def test_only_addresses_of_public_pages_are_links(text: str, is_link: bool) -> None:
    assert is_public_address(text) is is_link


def test_a_wave_shows_its_dispositions_its_rates_and_what_nobody_documented(page: str) -> None:
    """670 in the file and 330 told make 1000; of 1500 invited 500 are unknown, of whom e = 0.5 counts 250."""
    rates, open_link = (figure for figure in figures(page) if "Dispositions and outcome rates" in figure)
    for part in (
        "600 of 1,500",
        "40.0 %",
        "600 of 1,250",
        "48.0 %",
        "U: eligibility unknown",
        "a call to 100 of those",
    ):
        assert part in rates
    assert "an open link has no response rate" in open_link
    assert "NC: not reached not documented" in open_link
    assert " %" not in re.sub(r"<figcaption.*?</figcaption>", "", open_link)
    closed, _ = (figure for figure in figures(page) if "CHERRIES" in figure)
    assert "Incentives offered" in closed
    assert "No weighted numbers: the card documents no weights." in closed
    assert "not documented" in closed
