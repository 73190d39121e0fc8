"""What the readers of KoboToolbox, ODK Central and SurveyCTO make of the columns of their exports."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.problem import SourceError
from ingest.survey.export import PERSONAL_ROLES, Export
from ingest.survey.tools import kobo, odk, odk_archive
from ingest.tables.limits import Limits
from tests.faults.test_survey_forms_faults import FIXTURES, export_of


def asked(export: Export) -> list[tuple[str, ...]]:
    return [
        (each.part, each.name or each.text, each.sub_name or each.sub_text)
        for each in export.columns
        if each.role == "answer"
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("minimal.csv", [
            ("value", "org", ""), ("tick", "fields", "life"), ("tick", "fields", "ict"), ("tick", "fields", "other"),
            ("other", "fields", ""), ("value", "visible_1", ""),
        ]),
        ("minimal_summary.csv", [("value", "org", ""), ("value", "fields", ""), ("other", "fields", "")]),
        ("minimal_details.csv", [("value", "org", ""), ("tick", "fields", "life"), ("tick", "fields", "ict")]),
        ("nasty.csv", [
            ("value", "組織名", ""), ("tick", "Fields and/or sectors?", "和紙; 織物"),
            ("tick", "Fields and/or sectors?", '"ICT" and/or software'), ("other", "Fields and/or sectors?", ""),
            ("value", "Trade and/or research?", ""), ("value", "写真", ""),
        ]),
    ],
)  # fmt: skip
def test_names_labels_groups_and_options_of_kobo(name: str, expected: list[tuple[str, ...]]) -> None:
    assert asked(export_of(kobo, f"kobo/{name}")) == expected


def test_places_and_who_submitted_are_personal() -> None:
    columns = export_of(kobo, "kobo/minimal.csv").columns
    assert [each.header for each in columns if each.role in PERSONAL_ROLES] == [
        *("place", "_place_latitude", "_place_longitude", "_place_altitude", "_place_precision", "_submitted_by"),
    ]
    columns = export_of(odk, "odk/minimal.csv").columns
    assert {each.header for each in columns if each.role == "location"} == {
        *("place-Latitude", "place-Longitude", "place-Altitude", "place-Accuracy"),
    }


def test_the_versions_of_a_form_are_counted() -> None:
    assert export_of(kobo, "kobo/minimal.csv").options["n_versions"] == "3"


def test_a_group_of_questions_with_0_and_1_is_no_list_of_options() -> None:
    """ODK always writes the summary beside the ticks, so ``g1-has_web`` with 0 and 1 is a question."""
    assert asked(export_of(odk, "odk/minimal.csv")) == [
        ("value", "org", ""), ("tick", "fields", "life"), ("tick", "fields", "ict"), ("value", "visible_1", ""),
        ("value", "has_web", ""),
    ]  # fmt: skip


def test_surveycto_ticks_are_those_that_agree_with_the_list() -> None:
    export = export_of(odk, "odk/surveycto.csv")
    assert asked(export) == [
        ("value", "org", ""), ("tick", "fields", "1"), ("tick", "fields", "2"), ("value", "visible_1", ""),
    ]  # fmt: skip
    assert [each.header for each in export.columns if each.role == "response_id"] == ["KEY"]


def test_an_archive_is_unpacked_under_its_limits_and_outside_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "form.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("form.csv", "SubmissionDate,org,KEY\n" + "x," * 50_000)
    with pytest.raises(SourceError, match="larger unpacked"):
        odk_archive.tables_in(path, Limits(unpacked_bytes=1_000))
    with pytest.raises(SourceError, match="larger unpacked"):
        odk_archive.tables_in(path, Limits(ratio_free_bytes=1_000, unpacked_ratio=2))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../form.csv", "SubmissionDate,org,KEY\n")
    with pytest.raises(SourceError, match="leads out of the folder"):
        odk_archive.tables_in(path)


def test_the_tables_of_an_archive_outlive_the_reader() -> None:
    batches = odk.read(FIXTURES / "odk" / "repeats.zip", ()).batches
    assert [text for batch in batches(frozenset()) for text in batch.column("c3").to_pylist()] == [
        *("Kobe, Hyogo", "富山\n市", ""),
    ]
