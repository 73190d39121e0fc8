"""Every fixture of every tool against every reader: its own reads it, all others refuse it with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from ingest.survey.opening import PLAIN, READERS, open_export
from tests.faults.told import told

SURVEY = Path(__file__).parents[1] / "fixtures" / "survey"
ENDINGS = {".csv", ".tsv", ".xlsx", ".ods", ".xml", ".zip", ".lsa", ".sav", ".zsav", ".dta", ".parquet"}
# Folder of fixtures, or beginning of a file's name in the folder of the study, to the tools whose files are there.
TOOLS = {
    "eusurvey": {"EUSurvey", "EUSurvey XML"},
    "limesurvey": {"LimeSurvey", "LimeSurvey with full-text headings", "LimeSurvey with codes and texts",
                   "LimeSurvey archive"},
    "qualtrics": {"Qualtrics", "Qualtrics with two header rows", "Qualtrics in the legacy format"},
    "surveymonkey": {"SurveyMonkey"}, "google_forms": {"Google Forms"}, "microsoft_forms": {"Microsoft Forms"},
    "kobo": {"KoboToolbox"}, "odk": {"ODK or SurveyCTO"}, "redcap": {"REDCap", "REDCap with labels"},
    "statistics": {"SPSS", "Stata"}, "spss": {"SPSS"}, "stata": {"Stata"},
}  # fmt: skip
# No exports: codebooks, dictionaries, and tables that only a card can call survey data.
NO_EXPORT = {
    "redcap/dictionary.csv", "redcap/dictionary_with_visits.csv", "study/redcap_data_dictionary.csv",
    "study/study_codebook.xlsx", "study/table.csv", "study/table.xlsx", "statistics/disagrees.xlsx",
}  # fmt: skip
REFUSED = {"eusurvey/polish.xlsx", "statistics/cut.sav", "odk/no_table.zip"}


def fixtures() -> Iterator[Path]:
    for folder in sorted(SURVEY.iterdir()):
        if folder.name in TOOLS or folder.name == "study":
            yield from sorted(path for path in folder.iterdir() if path.suffix in ENDINGS)


def name(path: Path) -> str:
    return path.relative_to(SURVEY).as_posix()


def tools_of(path: Path) -> set[str]:
    """The tools of which a reader may take the file; none for what is to be refused."""
    if path.stem.startswith("wrong") or name(path) in NO_EXPORT | REFUSED:
        return set()
    if path.suffix == ".parquet":
        return {"Parquet"}
    key = path.parent.name if path.parent.name in TOOLS else next(each for each in TOOLS if path.name.startswith(each))
    return TOOLS[key]


def opened(path: Path, tool: str = "") -> str:
    """The tool of an export whose batches are read to the end; empty where it is refused, which takes a sentence."""
    try:
        export = open_export(path, tool=tool)
        for _ in export.batches(frozenset()):
            pass
    except SourceError as error:
        refusal = error
    else:
        return export.tool
    assert all(str(each) and each.japanese for each in refusal.problems)
    assert {each.outcome for each in refusal.problems} <= {Outcome.QUAR, Outcome.STOP}
    return ""


@pytest.mark.parametrize("path", [*fixtures()], ids=name)
def test_a_file_is_read_as_its_own_tool_and_as_no_other(path: Path) -> None:
    own = tools_of(path)
    assert opened(path) in (own or {""})
    if name(path) in REFUSED | NO_EXPORT:
        own = own | {PLAIN, *TOOLS.get(path.parent.name, ())}
    taken = {tool for tool in READERS if tool not in own and opened(path, tool)}
    # Without the marks of any tool a table is what the card calls it; the first header of a form is no mark.
    is_unmarked = path.stem.startswith("wrong") or path.parent.name == "google_forms" or "google" in path.stem
    assert taken <= ({PLAIN} if is_unmarked else set())


def test_a_tool_that_nobody_reads_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SourceError) as caught:
        open_export(SURVEY / "kobo" / "minimal.csv", tool="KoboToolbx")
    told(
        caught.value.problems, "survey_tool_unread", Outcome.QUAR, ["'KoboToolbx'", "'KoboToolbox'", "Google Forms"],
        ["「KoboToolbx」", "対応していません"],
    )  # fmt: skip


def test_an_export_is_no_plain_table() -> None:
    with pytest.raises(SourceError) as caught:
        open_export(SURVEY / "qualtrics" / "minimal.csv", tool=PLAIN)
    told(
        caught.value.problems, "survey_tool_other", Outcome.QUAR, ["export of Qualtrics", "take 'tool:' out"],
        ["Qualtricsから", "tool: を取り除いて"],
    )  # fmt: skip


FOREIGN = {
    "organisations.csv": "Name,Country,Members\nMihon Cluster,JP,12\n",
    "letters.csv": "Salutation,First Name,Last Name,Email Address,Organisation\nMs,Mihon,Sample,a@example.org,X\n",
    "no_header.csv": "Ms,Mihon,Sample,a@example.org,X\nMr,Sample,Mihon,b@example.org,Y\n",
    "typeform.csv": "#,Which fields?,Start Date (UTC),Submit Date (UTC),Network ID\nx,ICT,2020-03-02,2020-03-02,y\n",
    "alchemer.csv": "Response ID,Time Started,Date Submitted,Status,Contact ID,Language,Which fields?\n"
    "1,2020-03-02 10:00:00,2020-03-02 10:01:00,Complete,,English,ICT\n",
    "registrations.csv": "Registrant ID,First Name,Last Name,Email,Registration Time\n1,Mihon,Sample,,2020\n",
}


@pytest.mark.parametrize("file", FOREIGN)
def test_a_file_of_no_survey_tool_is_refused_with_three_guesses(file: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.write_text(FOREIGN[file])
    with pytest.raises(SourceError) as caught:
        open_export(path)
    problem = told(
        caught.value.problems, "survey_tool_unknown", Outcome.QUAR, ["no known survey tool", " without '"],
        ["既知のアンケートツール", "なし"],
    )  # fmt: skip
    assert problem.expected.count(" without ") == 3
    assert "example.org" not in str(problem) + problem.japanese


@pytest.mark.parametrize("times", ["1583100000", "2020-03-02T10:00:00Z", "12.5"])
def test_the_log_of_a_machine_is_no_form_of_google(times: str, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f"Timestamp,Level,Message\n{times},INFO,started\n")
    with pytest.raises(SourceError) as caught:
        open_export(path)
    told(caught.value.problems, "survey_forms_no_days", Outcome.QUAR, ["Google Forms", "A2"], ["日付がありません"])


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("page.xlsx", b"<html><table><tr><td>a</td></tr></table></html>"), ("data.csv", b'{"answers": [1, 2]}'),
        ("paper.csv", b"%PDF-1.4\n%\xe2\xe3\n1 0 obj"), ("nothing.csv", b""), ("lines.csv", b"\n\n\n"),
        ("cut.zip", b"PK\x03\x04"), ("cut.lsa", b"PK\x03\x04"), ("cut.sav", b"$FL2"), ("cut.dta", b"\x72\x01"),
        ("cut.parquet", b"PAR1"), ("other.xml", b"<a><b/></a>"), ("cut.xml", b"<Results create='x'>"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_whatever_the_card_calls_it(file: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / file
    path.write_bytes(content)
    assert [tool for tool in ("", *READERS) if opened(path, tool)] == []
