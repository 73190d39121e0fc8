"""Repeat groups of any name, and keys that two responses share.

Belongs here: files and names of the tables of repeats. Does not belong here: their answers (``test_kobo_and_odk``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pytest

from ingest.problem import Outcome
from ingest.survey import wave
from ingest.survey.codebook import TEXT, Codebook, Question
from ingest.survey.codebook_rows import wide_name
from ingest.survey.export import Batches, Convention, Export, Repeat, SourceColumn
from ingest.survey.wave_facts import wide_file
from tests.faults.told import told
from tests.survey.answers import ReadWave, answers_of

# Names of our own files, of folders, of anything.
CODES = ("wide", "responses", "identities", "../up", "visit-1", "visit 1", "設問" * 80)


def batches(*columns: tuple[str, ...]) -> Batches:
    def read(_encoded: frozenset[int]) -> Iterator[pa.RecordBatch]:
        rows = pa.array(range(2, 2 + len(columns[0])), pa.int32())
        cells = {f"c{place}": pa.array(texts) for place, texts in enumerate(columns, start=1)}
        yield pa.RecordBatch.from_pydict({"row_number": rows, **cells})

    return read


def read(monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], codes: tuple[str, ...]) -> ReadWave:
    """Responses with these keys, and for each code a repeat with one row for key 1 and one for key 2."""
    of_repeat = (SourceColumn(0, "_parent", role="parent_key"), SourceColumn(1, "name", name="name"))
    repeats = tuple(Repeat(code, of_repeat, batches(("1", "2", ""), (f"{code} 1", f"{code} 2", "x"))) for code in codes)
    questions = (Question("q", TEXT), *(Question(f"n{n}", TEXT, {}, repeat=code) for n, code in enumerate(codes)))
    repeats = tuple(
        Repeat(each.code, (of_repeat[0], SourceColumn(1, "", name=f"n{n}")), each.batches)
        for n, each in enumerate(repeats)
    )
    columns = (SourceColumn(0, "_id", role="row_key"), SourceColumn(1, "q", name="q"))
    main = batches(keys, tuple("abc"[: len(keys)]))
    export = Export("KoboToolbox", "", columns, main, Convention(), own=Codebook(questions, "own"), repeats=repeats)
    monkeypatch.setattr(wave, "open_export", lambda *_: export)
    return answers_of(Path("made.csv"))


def test_repeats_of_any_name_have_files_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, ("1", "2"), CODES)
    assert found.values("q") == ["a", "b"]
    for number, code in enumerate(CODES):
        assert found.values(f"n{number}") == [f"{code} 1", f"{code} 2"]
    assert len(found.responses) == 2
    files = {wide_file(found.facts.tables, code) for code in found.facts.tables}
    assert len(files) == 1 + len(CODES)
    assert not any("/" in file or len(file.encode()) > 40 for file in files)


def test_repeats_of_one_name_have_wide_tables_of_their_own() -> None:
    card = cast(Any, SimpleNamespace(family="mihon", edition="2020"))
    tables = ("", "visit-1", "visit 1")
    assert [wide_name(card, tables, each) for each in tables] == ["mihon_2020", "mihon_2020_visit_1",
                                                                  "mihon_2020_visit_1_2"]  # fmt: skip


def test_rows_of_a_repeat_are_nobodys_where_two_responses_have_their_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor do rows without a key belong to a response without one."""
    found = read(monkeypatch, ("1", "1", ""), ("visit",))
    assert found.values("n0") == []
    told(found.problems, "survey_orphan_rows", Outcome.WARN, ["3 rows"], ["3行"])
