"""The files of the synthetic survey are what its generator makes, and its codebook says what its questionnaire says."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.survey.codebook import MULTIPLE
from ingest.survey.codebook_xlsform import read_xlsform
from ingest.survey.state import State
from tests.fixtures.survey.generator import study
from tests.fixtures.survey.generator.coarsening import FORMATS
from tests.fixtures.survey.generator.formats import BUNDLED, SOURCE, STUDY, exports
from tests.fixtures.survey.generator.responses import is_routed_to, responses

# Not exports: the codebook in three forms.
CODEBOOKS = {"study_codebook.xlsx", "limesurvey.lss", "redcap_data_dictionary.csv"}


@cache
def made() -> dict[str, bytes]:
    return exports()


def content(data: bytes) -> object:
    """Archives by their members: how well they are compressed depends on the machine."""
    if not data.startswith(b"PK\x03\x04"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(each.filename, each.date_time, archive.read(each)) for each in archive.infolist()]


def test_the_folder_holds_what_the_generator_makes_and_nothing_else() -> None:
    assert {path.name for path in STUDY.iterdir()} == set(made())
    assert {given.file for given in FORMATS} == set(made()) - CODEBOOKS


@pytest.mark.parametrize("name", [path.name for path in sorted(STUDY.iterdir())])
def test_a_file_is_what_the_generator_makes(name: str) -> None:
    assert content((STUDY / name).read_bytes()) == content(made()[name]), (
        "run python -m tests.fixtures.survey.generator"
    )


@pytest.mark.parametrize(("name", "source"), BUNDLED.items())
def test_the_wave_of_the_project_is_one_of_them(name: str, source: str) -> None:
    assert (SOURCE / name).read_bytes() == (STUDY / source).read_bytes()


def test_the_codebook_is_the_questionnaire() -> None:
    found, expected = read_xlsform(STUDY / "study_codebook.xlsx"), study.CODEBOOK
    assert found.languages == study.LANGUAGES
    assert list(found.by_code) == list(expected.by_code)
    for question in expected.questions:
        read = found.by_code[question.code]
        assert (read.kind, dict(read.labels), read.options) == (question.kind, dict(question.labels), question.options)
        assert (read.parent, dict(read.parent_labels)) == (question.parent, dict(question.parent_labels))
        assert (read.is_required, read.other_of) == (question.is_required, question.other_of)
        assert unspaced(read.relevant) == unspaced(question.relevant)


def unspaced(expression: str) -> str:
    return re.sub(r"\s+", "", expression)


def test_codes_are_valid_in_every_tool() -> None:
    """LimeSurvey: letters first, answers of five characters; SPSS and XLSForm ask for less."""
    for question in study.CODEBOOK.questions:
        assert re.fullmatch(r"[a-z]{1,8}(_other)?", question.code)
        assert all(re.fullmatch(r"[0-9]{1,5}", option.code) for option in question.options)


def test_no_answer_stands_where_the_routing_passes_by() -> None:
    for response in responses():
        for code, reply in response.replies.items():
            assert reply.state == State.NOT_SHOWN or is_routed_to(code, response.replies)


def test_labels_hold_what_is_split_wrongly() -> None:
    """The separators of the tools, quotes, and labels that begin like another one of the same question."""
    texts = [option.labels["en"] for question in study.CODEBOOK.questions for option in question.options]
    assert any("; " in text for text in texts)
    assert any(", " in text for text in texts)
    assert any('"' in text for text in texts)
    for question in study.CODEBOOK.questions:
        if question.kind == MULTIPLE and question.code != "benefit":
            labels = sorted(option.labels["en"] for option in question.options)
            assert any(second.startswith(first) for first, second in pairwise(labels)), question.code


def test_contact_data_is_in_two_remarks_only() -> None:
    """Made up: an address of example.org and a number of nothing but noughts behind the codes of Japan and Tokyo."""
    remarks = [response.text("remark") for response in responses()]
    assert sum("@example.org" in text for text in remarks) == 1
    assert sum(re.search(r"\+\d", text) is not None for text in remarks) == 1


def test_the_generator_does_not_look_at_the_readers() -> None:
    """What both knew from one place would be wrong in both in the same way."""
    for path in (Path(study.__file__).parent).glob("*.py"):
        assert "ingest.survey.tools" not in path.read_text(encoding="utf-8"), path.name
