"""LimeSurvey's structure file as a codebook: every type of question, old and new versions, routing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ingest.problem import Outcome
from ingest.survey.codebook import Codebook
from ingest.survey.codebook_lss import kinds, read_lss
from ingest.survey.codebook_redcap import read_dictionary
from tests.faults.told import told

FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey"
LIME, REDCAP = FIXTURES / "limesurvey", FIXTURES / "redcap"
STRUCTURE = (LIME / "survey.lss").read_text(encoding="utf-8")


def table(name: str, rows: Sequence[Mapping[str, str]]) -> str:
    cells = ("".join(f"<{key}><![CDATA[{text}]]></{key}>" for key, text in row.items()) for row in rows)
    return f"<{name}><rows>{''.join(f'<row>{each}</row>' for each in cells)}</rows></{name}>"


def question(qid: int, kind: str, **more: str) -> dict[str, str]:
    plain = {"qid": str(qid), "gid": "1", "type": kind, "title": f"T{qid}", "question_order": str(qid)}
    return plain | {"relevance": "1", "question": f"Text {qid}", "language": "en"} | more


def sub(parent: int, code: str, **more: str) -> dict[str, str]:
    return {
        "qid": f"{parent}{code}", "parent_qid": str(parent), "title": code, "question": code, "language": "en",
        "scale_id": "0", **more,
    }  # fmt: skip


def read(tmp_path: Path, *tables: str) -> Codebook:
    path = tmp_path / "made.lss"
    head = "<LimeSurveyDocType>Survey</LimeSurveyDocType><languages><language>en</language></languages>"
    path.write_text(f"<document>{head}{''.join(tables)}</document>", encoding="utf-8")
    return read_lss(path)[0]


def test_old_and_new_versions_hold_the_same_codebook() -> None:
    new, old = read_lss(LIME / "survey.lss")[0], read_lss(LIME / "survey_before_4.lss")[0]
    assert new == old
    assert (new.origin, new.languages, new.title["ja"]) == ("lss", ("en", "ja"), "見本調査")


def test_texts_options_and_parents() -> None:
    codebook = read_lss(LIME / "survey.lss")[0]
    row = codebook.by_code["Q3_R2"]
    assert (row.labels["en"], row.parent, row.parent_labels["ja"]) == ("Help, in person", "Q3", "現在の評価は?")
    fields = codebook.by_code["Q2"]
    assert [option.labels["en"] for option in fields.options] == ["Life sciences", 'ICT; software, "cloud"', "Other"]
    assert [option.is_other for option in fields.options] == [False, False, True]
    assert codebook.by_code["Q2_other"].other_of == "Q2"
    assert [option.code for option in codebook.by_code["Q7_X1_1"].options] == ["a", "b"]
    assert (codebook.by_code["Q1"].parent, codebook.by_code["Q1"].parent_labels["en"]) == ("group_1", "About you")


# Letter, and what the question T1 with rows A and B and the columns X and Y becomes.
SHAPES = {
    "5": {"T1": "select_one"}, "Y": {"T1": "select_one"}, "G": {"T1": "select_one"}, "N": {"T1": "decimal"},
    "D": {"T1": "date"}, "T": {"T1": "text"}, "M": {"T1": "select_multiple"}, "P": {"T1": "select_multiple"},
    "R": {"T1": "rank"}, "Q": {"T1_A": "text", "T1_B": "text"}, "K": {"T1_A": "decimal", "T1_B": "decimal"},
    "C": {"T1_A": "select_one", "T1_B": "select_one"}, "B": {"T1_A": "select_one", "T1_B": "select_one"},
    "1": {f"T1_{row}_{scale}": "select_one" for row in "AB" for scale in "01"},
    ";": {f"T1_{row}_{column}": "text" for row in "AB" for column in "XY"},
    ":": {f"T1_{row}_{column}": "decimal" for row in "AB" for column in "XY"},
}  # fmt: skip


@pytest.mark.parametrize("kind", SHAPES)
def test_types_of_questions(tmp_path: Path, kind: str) -> None:
    rows = [sub(1, "A"), sub(1, "B"), *(sub(1, code, scale_id="1") for code in "XY")]
    asked = [question(1, kind), question(2, "X")]
    codebook = read(tmp_path, table("questions", asked), table("subquestions", rows))
    assert {each.code: each.kind for each in codebook.questions} == SHAPES[kind]


def test_every_type_has_a_shape_that_is_known() -> None:
    assert {row["shape"] for row in kinds().values()} == {"question", "rows", "scales", "cells", "none"}
    assert set(SHAPES) <= set(kinds())


def test_attributes(tmp_path: Path) -> None:
    attributes = [
        {"qid": "1", "attribute": "num_value_int_only", "value": "1"},
        {"qid": "2", "attribute": "date_format", "value": "yyyy-mm-dd HH:MM"},
        {"qid": "3", "attribute": "exclude_all_others", "value": "B"},
        {"qid": "3", "attribute": "other_replace_text", "value": "Something else", "language": "en"},
    ]
    asked = [question(1, "N"), question(2, "D"), question(3, "M", other="Y", mandatory="Y"), question(4, "|")]
    codebook = read(
        tmp_path, table("questions", asked), table("subquestions", [sub(3, "A"), sub(3, "B")]),
        table("question_attributes", attributes),
    )  # fmt: skip
    assert [codebook.by_code[code].kind for code in ("T1", "T2")] == ["integer", "datetime"]
    multiple = codebook.by_code["T3"]
    assert [each.is_exclusive for each in multiple.options] == [False, True, False]
    assert (multiple.options[2].labels["en"], multiple.is_required) == ("Something else", True)
    assert codebook.by_code["T4"].is_personal


def test_routing_of_groups_rows_and_filters(tmp_path: Path) -> None:
    asked = [
        question(1, "Y"), question(2, "M", relevance='T1 == "Y"'), question(3, "F", relevance='T2_A == "Y"'),
        question(4, "T", gid="2", relevance='1X1X2A.NAOK == "" or T3_B.NAOK == "x"'),
    ]  # fmt: skip
    groups = [{"gid": "1", "group_order": "1"}, {"gid": "2", "group_order": "2", "grelevance": '!(T1.NAOK == "N")'}]
    rows = [sub(2, "A"), sub(2, "B"), sub(3, "A"), sub(3, "B", relevance='T1.NAOK == "Y"')]
    filters = [{"qid": "3", "attribute": "array_filter", "value": "T2"}]
    codebook = read(
        tmp_path, table("questions", asked), table("groups", groups), table("subquestions", rows),
        table("question_attributes", filters),
    )  # fmt: skip
    own = "${T1} = 'Y' and selected(${T2}, 'A')"
    assert codebook.by_code["T2"].relevant == "${T1} = 'Y'"
    assert codebook.by_code["T3_A"].relevant == f"{own} and selected(${{T2}}, 'A')"
    assert codebook.by_code["T3_B"].relevant == f"{own} and ${{T1}} = 'Y' and selected(${{T2}}, 'B')"
    assert codebook.by_code["T4"].relevant == (
        "not(${T1} = 'N') and (not(selected(${T2}, 'A')) or ${T3_B} = 'x')"
    )  # fmt: skip


def test_conditions_in_a_circle_end(tmp_path: Path) -> None:
    asked = [question(1, "T", relevance='T2 == "a"'), question(2, "T", relevance='T1 == "b"')]
    assert len(read(tmp_path, table("questions", asked)).questions) == 2


def test_a_condition_that_is_no_comparison_is_said_and_hides_nothing() -> None:
    codebook, problems = read_lss(LIME / "survey.lss")
    told(
        problems, "lss_condition_unread", Outcome.WARN,
        ["Q9: count(Q1,Q4) > 1", "XLSForm"], ["Q9: count(Q1,Q4) > 1", "無回答"],
    )  # fmt: skip
    assert (codebook.by_code["Q9"].relevant, codebook.by_code["Q2"].relevant) == ("", "${Q1} = 'A2'")


def test_a_type_of_question_that_is_not_known_is_said(tmp_path: Path) -> None:
    (tmp_path / "survey.lss").write_text(STRUCTURE.replace("<![CDATA[N]]></type>", "<![CDATA[?]]></type>"), "utf-8")
    codebook, problems = read_lss(tmp_path / "survey.lss")
    told(problems, "lss_type_unknown", Outcome.WARN, ["the type ? of the question Q4"], ["設問Q4の種類 ?"])
    assert "Q4" not in codebook.by_code


def test_the_data_dictionary_of_redcap() -> None:
    codebook, problems = read_dictionary(REDCAP / "dictionary.csv")
    told(
        problems, "redcap_logic_unread", Outcome.WARN,
        ["sum_up: [staff] + 1 > 3"], ["sum_up: [staff] + 1 > 3", "分岐条件"],
    )  # fmt: skip
    assert {each.code: each.kind for each in codebook.questions} == {
        "kind": "select_one", "fields": "select_multiple", "exports": "select_one", "staff": "integer",
        "founded": "date", "contact": "text", "sum_up": "decimal",
    }  # fmt: skip
    fields = codebook.by_code["fields"]
    assert [(each.code, each.labels["en"], each.is_exclusive) for each in fields.options] == [
        ("0", "None of these", True), ("1", "Life sciences, health", False), ("2", 'ICT "cloud"', False),
        ("-9", "和紙; 織物", False),
    ]  # fmt: skip
    assert (fields.relevant, fields.parent, fields.parent_labels["en"]) == ("${kind} = '2'", "member", "Fields of work")
    assert codebook.by_code["staff"].relevant == "selected(${fields}, '1') or ${kind} != '2'"
    assert (codebook.by_code["contact"].is_personal, codebook.by_code["exports"].is_required) == (True, True)
    assert codebook.by_code["kind"].labels["en"] == "Which kind of organisation?"
