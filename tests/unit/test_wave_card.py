"""The survey section of a card: what it says is read, every breach is told with file, line and field."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.card_check import SCHEMA_FILE
from ingest.catalog import fingerprint, read_catalog
from ingest.intake.comparison import drift_between
from ingest.intake.derived_card import derived_content, family_patterns
from ingest.problem import SourceError
from ingest.source_card import SourceCard, read_card
from ingest.survey.wave_card import ResponseRules, check_codebook, wave_card
from tests.unit.edition import write_edition

SECTION: dict[str, Any] = {
    "title": {"en": "Sample survey", "ja": "見本調査"},
    "timezone": "Asia/Tokyo",
    "columns": {"Which fields? ": "fields", "ICT": "fields/ict", "Remark": None},
    "aliases": {"fields": {"Information technology": "ict"}},
    "partial_from": "0.5",
    "duplicates": {"by": "token", "keep": "last"},
    "fast_seconds": "60",
    "retention_until": "2025-12-31",
    "link": "closed",
    "design": {
        "unit": "organisation", "population": "Sample clusters", "population_size": "100", "frame": "Sample list",
        "frame_size": "90", "strata": "region", "population_sizes": {"east": "60", "west": "40"}, "weights": "w",
        "replicate_weights": {"columns": ["w1", "w2"], "method": "JKn"}, "estimates_speak_of": "process",
    },
    "dispositions": {"invited": "90", "refusal": "5", "eligible_share": ".8", "eligible_share_basis": "last wave"},
    "cherries": {"incentives": "none"},
}  # fmt: skip


def write_wave(folder: Path, section: dict[str, Any] | None = None, **changes: Any) -> Path:
    kind = {"kind": "survey", "table": "response", "columns": None, "survey": SECTION | (section or {})}
    return write_edition(folder, **kind | changes)


def wave(folder: Path, section: dict[str, Any] | None = None, **changes: Any) -> SourceCard:
    return read_card(write_wave(folder, section, **changes))


def test_reads_the_section(tmp_path: Path) -> None:
    said = wave_card(wave(tmp_path))
    assert (said.survey_code, said.wave, said.link, said.timezone) == ("sample_list", "2020", "closed", "Asia/Tokyo")
    assert said.columns == {"Which fields? ": "fields", "ICT": "fields/ict", "Remark": None}
    assert said.rules == ResponseRules(partial_from=0.5, duplicates_by="token", keep="last", fast_seconds=60)
    assert said.retention_until == datetime.date(2025, 12, 31)
    assert (said.dispositions, said.eligible_share) == ({"invited": 90, "refusal": 5}, 0.8)
    assert said.design.population_sizes == {"east": 60, "west": 40}
    assert said.design.variables == {
        "strata": "region", "weights": "w", "replicate_weight_1": "w1", "replicate_weight_2": "w2",
    }  # fmt: skip


def test_an_empty_section_says_nothing(tmp_path: Path) -> None:
    path = write_edition(tmp_path, kind="survey", table="response", columns=None, survey={})
    said = wave_card(read_card(path))
    assert said.rules == ResponseRules()
    assert (said.link, said.dispositions, said.design.unit, said.codebook) == ("", {}, "", None)


def test_made_up_answers_are_published_with_the_reason_why_they_may(tmp_path: Path) -> None:
    said = {"microdata": "published", "microdata_reason": "All answers are invented"}
    assert wave_card(wave(tmp_path / "a", said, synthetic=True)).microdata == "published"
    assert wave_card(wave(tmp_path / "b", synthetic=True)).microdata == "withheld"
    with pytest.raises(SourceError, match="microdata_reason"):
        wave(tmp_path / "c", {"microdata": "published"}, synthetic=True)
    with pytest.raises(SourceError, match="the card publishes the answers of single respondents") as caught:
        wave(tmp_path / "d", said, synthetic=False)
    assert "個々の回答の公開" in caught.value.problems[0].japanese


def test_who_names_a_rule_for_duplicates_wants_one_of_them(tmp_path: Path) -> None:
    assert wave_card(wave(tmp_path, {"duplicates": {"by": "content"}})).rules.keep == "first"


@pytest.mark.parametrize("suffix", ["xml", "zip", "sav", "zsav", "dta", "lsa", "parquet", "txt", "csv", "xlsx"])
def test_the_export_may_be_of_any_tool(tmp_path: Path, suffix: str) -> None:
    assert wave(tmp_path, file=f"export.{suffix}").file.name == f"export.{suffix}"


@pytest.mark.parametrize(
    ("section", "field", "english", "japanese"),
    [
        ({"tol": "x"}, "survey > tol", "nearest known: tool", "最も近いもの：tool"),
        ({"timezone": "Asia/Tokio"}, "survey > timezone", "Asia/Tokyo", "時間帯が見つかりません"),
        ({"partial_from": "50"}, "survey > partial_from", "a share from 0 to 1", "0～1の割合"),
        ({"duplicates": {"by": "name"}}, "survey > duplicates > by", "one of token", "次のいずれか"),
        ({"link": "public"}, "survey > link", "one of closed, open", "次のいずれか"),
        ({"fast_seconds": "soon"}, "survey > fast_seconds", "whole number of seconds", "整数の秒数"),
        ({"retention_until": "2025-13-01"}, "survey > retention_until", "a real date", "実在する date"),
        ({"columns": {"A": "b/c/d"}}, "survey > columns > A", "a question/option", "設問/選択肢"),
        ({"codebook": {"file": "../x.xlsx", "sha256": "0" * 64}}, "survey > codebook > file", "no folder", "なし"),
        ({"design": {"unit": "firm"}}, "survey > design > unit", "organisation, person", "次のいずれか"),
        ({"design": {"frame_size": "-1"}}, "survey > design > frame_size", "0 or more", "0以上の整数"),
        ({"design": {"population_sizes": {"a": "1"}}}, "survey > design > population_sizes",
         "without 'survey > design > strata'", "意味が定まりません"),
        ({"design": {"population_size": "9", "strata": "s", "population_sizes": {"a": "1", "b": "9"}}},
         "survey > design > population_sizes", "10 in the strata, 9 in the population", "一致しません"),
        ({"design": {"replicate_weights": {"columns": ["w1", "w1"], "method": "BRR"}}},
         "survey > design > replicate_weights > columns", "'w1' is named twice", "二度書かれています"),
        ({"dispositions": {"eligible_share": "0.5"}}, "survey > dispositions > eligible_share",
         "eligible_share_basis", "意味が定まりません"),
        ({"dispositions": {"invited": "9", "refusal": "6", "non_contact": "4"}}, "survey > dispositions > invited",
         "10 with an outcome", "招待数より多い"),
        ({"microdata": "open"}, "survey > microdata", "one of published, withheld", "次のいずれか"),
        ({"disclosure": {"threshold": "2"}}, "survey > disclosure > threshold", "a whole number from 3", "3以上"),
        ({"cherries": {"incentive": "none"}}, "survey > cherries > incentive", "nearest known: incentives", "項目では"),
    ],
)  # fmt: skip
def test_tells_file_line_and_field(
    tmp_path: Path, section: dict[str, Any], field: str, english: str, japanese: str
) -> None:
    path = write_wave(tmp_path, section)
    with pytest.raises(SourceError) as caught:
        read_card(path)
    (told,) = caught.value.problems
    assert english in str(told)
    assert japanese in told.japanese
    assert field in str(told)
    last = field.split(" > ")[-1]
    number = int(str(told).split("line ")[1].split(":")[0])
    # The field's own line, or the next one around it.
    assert last in path.read_text().splitlines()[number - 1]


def test_a_wave_needs_the_section_and_another_table_its_columns(tmp_path: Path) -> None:
    for name, changes, field in (
        ("a", {"kind": "survey", "table": "response", "columns": None}, "survey"),
        ("b", {"columns": None}, "columns"),
    ):
        with pytest.raises(SourceError, match=f"the field '{field}' is missing"):
            read_card(write_edition(tmp_path / name, **changes))


def test_another_table_has_no_such_section_and_no_such_files(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="organisation_list / organisation has a field 'survey'"):
        read_card(write_edition(tmp_path / "a", survey=SECTION))
    with pytest.raises(SourceError, match="a CSV, TSV, XLSX, XLSM or ODS file"):
        read_card(write_edition(tmp_path / "b", file="list.sav"))


def test_the_codebook_is_the_reviewed_one(tmp_path: Path) -> None:
    said = wave_card(wave(tmp_path, {"codebook": {"file": "book.xlsx", "sha256": "0" * 64}}))
    with pytest.raises(SourceError, match=r"book\.xlsx"):
        check_codebook(said)
    (tmp_path / "book.xlsx").write_bytes(b"another")
    with pytest.raises(SourceError, match="0" * 64):
        check_codebook(said)
    assert read_catalog([tmp_path]).without_card == ()
    before = fingerprint([tmp_path])
    (tmp_path / "book.xlsx").write_bytes(b"a third")
    assert fingerprint([tmp_path]) != before


def test_the_next_wave_without_a_card_is_read_as_the_last_one_was(tmp_path: Path) -> None:
    """How its export is read is taken over; who was invited, the codebook's file and the retention are not known."""
    parent = wave(tmp_path, {"codebook": {"file": "book.xlsx", "sha256": "0" * 64}},
                  file_pattern=r"study_(?P<edition>[0-9]{4})\.csv", file="study_2020.csv")  # fmt: skip
    (pattern,) = family_patterns([parent.path])
    content = derived_content(pattern, "study_2021.csv", "1" * 64)
    assert content["survey"] == {
        name: SECTION[name]
        for name in ("title", "timezone", "columns", "aliases", "partial_from", "duplicates", "fast_seconds", "link")
    }
    path = tmp_path / "next" / "source.yml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert wave_card(read_card(path)).wave == "2021"


def test_two_waves_are_not_compared_as_printed_tables(tmp_path: Path) -> None:
    first, second = wave(tmp_path / "a"), wave(tmp_path / "b", edition="2021", id="sample_list-2021")
    assert drift_between(first, second, tmp_path / "scratch") is None


def test_the_card_in_the_guide_is_a_card(tmp_path: Path) -> None:
    """Every field of the section stands in the guide, and what stands there is right."""
    guide = (Path(__file__).parents[2] / "docs" / "surveys.md").read_text(encoding="utf-8")
    shown = yaml.load(guide.split("```yaml\n")[1].split("```")[0], yaml.BaseLoader)  # noqa: S506 - only text
    shown["survey"]["codebook"]["sha256"] = "0" * 64
    said = wave_card(read_card(write_edition(tmp_path, columns=None, **shown)))
    assert said.dispositions["unknown_eligibility"] == 279
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["$defs"]
    assert set(schema["survey"]["properties"]) - {"tool"} == set(shown["survey"])
    assert set(schema["design"]["properties"]) == set(shown["survey"]["design"])
    assert set(schema["survey"]["properties"]["dispositions"]["properties"]) == set(shown["survey"]["dispositions"])
