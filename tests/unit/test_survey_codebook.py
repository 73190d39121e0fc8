"""The codebook of a released wave: pages, DDI, Table Schema, questionnaire; every number counted by hand."""

from __future__ import annotations

import html
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import duckdb
import pytest

from analytics.codebook import write_codebooks
from analytics.codebook.answer_state import answer_states
from analytics.codebook.page import page_words
from ingest.survey.codebook_xlsform import read_xlsform
from ingest.survey.state import WIDE, State
from orchestration.release.datapackage import write_data_package
from orchestration.release.questionnaire import write_questionnaires
from tests.unit.released_wave import HOSTILE, LIMIT, NOTE, QUESTIONS, write_release

RELEASE = "r0123456789ab"
DDI = "{ddi:codebook:2_5}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Order of the children of an element in codebook.xsd of DDI-Codebook 2.5, as far as such a document may have them.
ORDER = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr otherMat",
    "docDscr": "citation guide docStatus docSrc controlledVocabUsed notes",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings notes",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "prodStmt": "producer copyright prodDate prodPlac software fundAg grantNo",
    "stdyDscr": "citation studyAuthorization stdyInfo studyDevelopment method dataAccs othrStdyMat notes",
    "stdyInfo": "studyBudget subject abstract sumDscr qualityStatement notes exPostEvaluation",
    "sumDscr": "timePrd collDate nation geogCover geogUnit geoBndBox boundPoly anlyUnit universe dataKind",
    "dataColl": "timeMeth dataCollector collectorTraining frequenc sampProc sampleFrame targetSampleSize deviat "
    "collMode resInstru instrumentDevelopment sources collSitu actMin ConOps weight cleanOps",
    "anlyInfo": "respRate EstSmpErr dataAppr",
    "fileDscr": "fileTxt locMap notes",
    "fileTxt": "fileName fileCitation fileCont fileStrc dimensns fileType format filePlac dataChck ProcStat dataMsng "
    "software verStmt",
    "dimensns": "caseQnty varQnty logRecL recPrCas recNumTot",
    "dataDscr": "varGrp nCubeGrp var nCube notes",
    "varGrp": "labl txt concept defntn universe notes",
    "var": "location labl imputation security embargo respUnit anlysUnit qstn valrng invalrng undocCod universe "
    "TotlResp sumStat txt stdCatgry catgryGrp catgry codInstr verStmt concept derivation varFormat geoMap catLevel "
    "notes",
    "catgry": "catValu labl txt catStat mrow",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release")
    (found,) = write_codebooks(write_release(out / "observatory.duckdb"), out, RELEASE)
    assert found == out / "codebooks" / "mihon_2020"
    return found


@pytest.fixture(scope="module")
def ddi(folder: Path) -> ET.Element:
    return ET.fromstring((folder / "ddi.xml").read_text(encoding="utf-8"))  # noqa: S314 - our own


def page(folder: Path, language: str) -> str:
    return (folder / f"codebook.{language}.html").read_text(encoding="utf-8")


def rows_of(page: str, number: int) -> list[list[str]]:
    """The cells of the table of a question."""
    figure = re.findall(r"<figure.*?</figure>", page, re.DOTALL)[number - 1]
    return [
        [html.unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>.*?</tr>", figure, re.DOTALL)
    ]


def test_the_states_are_those_of_the_intake_with_their_numbers() -> None:
    assert set(answer_states()) == {str(state) for state in State}
    assert {code: each.number for code, each in answer_states().items() if each.is_missing} == {
        str(state): number for state, number in WIDE.items()
    }
    assert page_words("en").keys() == page_words("ja").keys()


def test_a_choice_has_each_code_and_each_state_with_n(folder: Path) -> None:
    assert rows_of(page(folder, "en"), 1) == [
        ["Code", "Answer", "日本語", "n", "Share"],
        ["y", "Yes", "はい", "6", "base < 10"],
        ["n", "No", "いいえ", "2", "base < 10"],
        ["9", "Don't know", "わからない", "1", "base < 10"],
        ["–", "not answered", "", "1", "–"],
    ]
    assert rows_of(page(folder, "ja"), 1)[1:] == [
        ["y", "はい", "Yes", "6", "母数10未満"],
        ["n", "いいえ", "No", "2", "母数10未満"],
        ["9", "わからない", "Don't know", "1", "母数10未満"],
        ["–", "無回答", "", "1", "–"],
    ]


def test_several_choices_have_a_base_for_each_option(folder: Path) -> None:
    head, cloth, paper = rows_of(page(folder, "en"), 2)
    assert head[:7] == ["Code", "Answer", "日本語", "Chosen", "Not chosen", "Base", "Share"]
    assert head[7:] == ["not shown (routing)", "nothing ticked: none of them or passed over"]
    assert cloth == ["c", "Cloth", "布", "3", "2", "5", "base < 10", "4", "1"]
    assert paper == ["p", "Paper", "紙", "4", "1", "5", "base < 10", "4", "1"]


def test_a_text_that_is_withheld_is_counted_and_in_the_base(folder: Path) -> None:
    text = "answered; the text is withheld because it holds contact data"
    assert rows_of(page(folder, "en"), 4)[1:] == [
        ["answered", "2", "base < 10"], [text, "1", "base < 10"], ["not answered", "7", "–"]
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_table_says_its_base_and_limits_and_the_wording_in_both_languages(folder: Path, language: str) -> None:
    text = page(folder, language)
    figures = re.findall(r"<figure.*?</figure>", text, re.DOTALL)
    assert len(figures) == len(QUESTIONS)
    for figure, (code, _, en, ja, routing) in zip(figures, QUESTIONS, strict=True):
        assert NOTE[language] in figure
        plain = html.unescape(figure)
        assert en in plain
        assert ja in plain
        assert f"<code>{code}</code>" in figure
        assert (routing is None) or (routing in plain)
    assert LIMIT[language] in text[: text.index("<figure")]
    assert f'<html lang="{language}">' in text
    assert f'lang="{"ja" if language == "en" else "en"}"' in text
    assert page_words(language)["synthetic_title"] in text


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_is_inert_and_needs_nothing_from_outside(folder: Path, language: str) -> None:
    text = page(folder, language)
    assert html.escape(HOSTILE, quote=True).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") in text
    assert "<script" not in text
    assert not re.search(r'(?:src|href)="(?:https?:|//)', text)
    targets = set(re.findall(r'href="#([^"]+)"', text))
    assert targets <= set(re.findall(r'id="([^"]+)"', text))
    for table in re.findall(r"<table.*?</table>", text, re.DOTALL):
        assert 'scope="col"' in table
        assert 'scope="row"' in table
        assert "aria-labelledby" in table


def test_the_elements_of_ddi_are_in_the_order_of_the_public_schema(ddi: ET.Element) -> None:
    checked = set()
    for element in ddi.iter():
        name = element.tag.removeprefix(DDI)
        if name in ORDER:
            order = ORDER[name].split()
            places = [order.index(child.tag.removeprefix(DDI)) for child in element]
            assert places == sorted(places), name
            checked.add(name)
    assert checked == set(ORDER)
    ids = [element.get("ID") for element in ddi.iter() if element.get("ID")]
    assert len(ids) == len(set(ids))
    for attribute in ("files", "var"):
        named = {name for element in ddi.iter() for name in (element.get(attribute) or "").split()}
        assert named <= set(ids), attribute


def categories(ddi: ET.Element, name: str) -> dict[str, tuple[str, str, str, str]]:
    """Value to whether it is missing, its label in both languages and its frequency, of those that occur."""
    variable = next(each for each in ddi.iter(f"{DDI}var") if each.get("name") == name)
    found = {}
    for each in variable.iter(f"{DDI}catgry"):
        labels = {label.get(LANG): label.text or "" for label in each.iter(f"{DDI}labl")}
        count = each.findtext(f"{DDI}catStat") or ""
        found[each.findtext(f"{DDI}catValu") or ""] = (each.get("missing", ""), labels["en"], labels["ja"], count)
    return {value: told for value, told in found.items() if told[3] != "0"}


def test_ddi_has_the_numbers_of_the_wide_table_with_labels_and_counts(ddi: ET.Element) -> None:
    assert categories(ddi, "fair") == {
        "1": ("N", "Yes", "はい", "6"), "2": ("N", "No", "いいえ", "2"), "3": ("N", "Don't know", "わからない", "1"),
        "-1": ("Y", "not answered", "無回答", "1"),
    }  # fmt: skip
    assert {value: (told[0], told[3]) for value, told in categories(ddi, "goods__c").items()} == {
        "1": ("N", "3"), "0": ("N", "2"), "-2": ("Y", "4"), "-3": ("Y", "1")
    }  # fmt: skip
    assert {value: (told[0], told[3]) for value, told in categories(ddi, "remark__state").items()} == {
        "0": ("N", "2"), "-5": ("Y", "1"), "-1": ("Y", "7")
    }  # fmt: skip
    variable = next(each for each in ddi.iter(f"{DDI}var") if each.get("name") == "goods__c")
    assert [each.text for each in variable.iter(f"{DDI}qstnLit")] == [QUESTIONS[1][2], QUESTIONS[1][3]]
    assert variable.findtext(f"{DDI}universe") == QUESTIONS[1][4]
    assert [(each.get("type"), each.text) for each in variable.iter(f"{DDI}sumStat")] == [("vald", "5"), ("invd", "5")]


def test_the_table_schema_has_every_column_with_categories_and_missing_values(folder: Path) -> None:
    schema = json.loads((folder / "mihon_2020.tableschema.json").read_text(encoding="utf-8"))
    fields = {field["name"]: field for field in schema["fields"]}
    assert list(fields) == [
        *("response_no", "response_id", "fair", "goods__c", "goods__p", "years", "years__state", "remark"),
        *("remark__state", "fair__raw", "is_synthetic"),
    ]
    assert schema["primaryKey"] == ["response_no"]
    assert [fields[name]["type"] for name in ("response_no", "fair", "years", "remark", "is_synthetic")] == [
        "integer", "integer", "number", "string", "boolean"
    ]  # fmt: skip
    assert fields["fair"]["categories"][0] == {"value": 1, "label": "Yes", "label_ja": "はい"}
    assert {"value": "-1", "label": "not answered", "label_ja": "無回答"} in fields["fair"]["missingValues"]
    assert fields["goods__p"]["title"].endswith(": Paper")
    assert fields["goods__p"]["title_ja"] == "どの製品ですか。：紙"
    assert fields["goods__p"]["routing"] == QUESTIONS[1][4]
    assert "categories" not in fields["fair__raw"]


def test_numbers_that_only_responses_have_that_do_not_count_are_missing_values_too(
    folder: Path, ddi: ET.Element
) -> None:
    """A break-off stands in the wide table as well: without a label its -4 would be a number like any other."""
    schema = json.loads((folder / "mihon_2020.tableschema.json").read_text(encoding="utf-8"))
    fields = {field["name"]: field for field in schema["fields"]}
    for name, is_chosen in (("fair", {WIDE[State.DONT_KNOW]}), ("goods__c", set()), ("years__state", set())):
        told = {int(each["value"]) for each in fields[name]["missingValues"] if each["value"]}
        assert told >= set(WIDE.values()) - is_chosen, name
        variable = next(each for each in ddi.iter(f"{DDI}var") if each.get("name") == name)
        assert told == {
            int(each.findtext(f"{DDI}catValu") or "") for each in variable.iter(f"{DDI}catgry")
            if each.get("missing") == "Y"
        }  # fmt: skip


def test_the_page_says_why_nothing_is_weighted(folder: Path) -> None:
    reason = "the weights cannot be used (of 10 weights: 2 zero)"
    assert f"<dt>Weighted numbers</dt><dd>{reason}</dd>" in page(folder, "en")
    assert f'<dt>加重値</dt><dd lang="en">{reason}</dd>' in page(folder, "ja")


def test_a_text_in_another_language_than_the_page_says_which(tmp_path: Path) -> None:
    """Nobody translated a questionnaire in German and French, and its title is in one language."""
    database = write_release(tmp_path / "observatory.duckdb")
    asked = json.dumps({"de": "Waren Sie dort?", "fr": "Y étiez-vous ?"}, ensure_ascii=False)
    chosen = json.dumps({"de": "Ja", "fr": "Oui"}, ensure_ascii=False)
    with duckdb.connect(str(database)) as connection:
        connection.execute("update marts.dim_survey_wave set title_ja = null, languages = 'de,fr'")
        connection.execute(
            "update marts.dim_survey_question set question_en = null, question_ja = null, question_texts = ? "
            "where question_code = 'fair'", [asked]
        )  # fmt: skip
        connection.execute(
            "update marts.dim_survey_option set option_en = null, option_ja = null, option_texts = ? "
            "where option_code = 'y'", [chosen]
        )  # fmt: skip
    (folder,) = write_codebooks(database, tmp_path, RELEASE)
    english, japanese = page(folder, "en"), page(folder, "ja")
    assert '<h1 lang="en">' in japanese
    for text in (english, japanese):
        assert '<span lang="de">Waren Sie dort?</span>' in text
        assert '<th scope="row" lang="de">Ja</th><td class="wording" lang="fr">Oui</td>' in text
    assert rows_of(english, 1)[0][:3] == ["Code", "Answer", "Other language"]


def test_the_questionnaire_reads_back_as_it_was_asked(folder: Path) -> None:
    write_questionnaires(folder.parents[1] / "observatory.duckdb", folder.parents[1])
    codebook = read_xlsform(folder / "questionnaire.xlsx")
    assert [
        (each.code, each.kind, each.labels["en"], each.labels["ja"], each.relevant) for each in codebook.questions
    ] == [(code, kind, en, ja, routing or "") for code, kind, en, ja, routing in QUESTIONS]
    fair = codebook.by_code["fair"]
    assert [(each.code, each.state) for each in fair.options] == [("y", ""), ("n", ""), ("9", "dont_know")]
    assert fair.is_required


def test_the_same_file_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    (again,) = write_codebooks(folder.parents[1] / "observatory.duckdb", tmp_path, RELEASE)
    for path in again.iterdir():
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_the_data_package_tells_the_labels_of_answers(tmp_path: Path) -> None:
    database = write_release(tmp_path / "observatory.duckdb")
    with duckdb.connect(str(database)) as connection:
        for schema, table in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall():
            (tmp_path / "parquet" / schema).mkdir(parents=True, exist_ok=True)
            connection.execute(f"copy {schema}.{table} to '{tmp_path}/parquet/{schema}/{table}.parquet'")
    write_data_package(tmp_path, database, RELEASE)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    resources = {each["name"]: each["schema"]["fields"] for each in package["resources"]}
    fair = next(field for field in resources["survey.mihon_2020"] if field["name"] == "fair")
    assert [each["label"] for each in fair["categories"]] == ["Yes", "No", "Don't know"]
    assert {field["name"] for field in resources["marts.fct_survey_limit"]} >= {"limit_code", "sentence_ja"}


def test_a_release_without_surveys_has_no_codebook(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "observatory.duckdb")) as connection:
        connection.execute("create table x as select 1 as y")
    assert write_codebooks(tmp_path / "observatory.duckdb", tmp_path, RELEASE) == []
    assert not (tmp_path / "codebooks").exists()
