"""Files of Stata (.dta): codes with their labels and the extended missing values ``.a`` to ``.z``.

Belongs here: what pyreadstat tells of such a file. Does not belong here: what SPSS and Stata files have in common
(``labelled_export``). The plain missing value is an empty cell; an extended one is a cell with its letter, ``.a``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.survey.cells import Cells
from ingest.survey.export import Export
from ingest.survey.tools.labelled_export import ROWS_TRIED, labelled_export
from ingest.survey.tools.statistical_file import (
    DAY,
    MOMENT,
    NUMBER,
    TEXT,
    StatisticalFile,
    Text,
    Variable,
    open_statistical,
    state_of_label,
    time_text,
    value_text,
)

TOOL = "Stata"
MAGIC = b"<stata_dta>"
# Formats 113 to 115 begin with their number, the order of bytes and the type of the file.
OLD_FORMATS = {*range(104, 116)}
OLD_ENCODINGS = ("UTF-8", "CP932", "EUC-JP")
KANA = re.compile(r"[ぁ-ヿｱ-ﾝ]")
ORIGIN = datetime.datetime(1960, 1, 1)
SECONDS_PER_DAY = 86_400
SHAPES = {"%td": DAY, "%d": DAY, "%tc": MOMENT, "%tC": MOMENT}
WHOLE = {"int8", "int16", "int32"}


def read(path: Path, tables: tuple[Cells, ...]) -> Export:
    """The answers of a .dta file.

    Raises:
        SourceError: no file of Stata, or a damaged one.
    """
    import pyreadstat

    with path.open("rb") as stream:
        head = stream.read(len(MAGIC))
    is_old = len(head) > 2 and head[0] in OLD_FORMATS and head[1] in {1, 2} and head[2] == 1
    if head != MAGIC and not is_old:
        raise SourceError([problem("statistical_file_other", Place(path.name), program=TOOL)])
    encoding = _encoding_of_old(path) if is_old else ""
    read_dta = partial(pyreadstat.read_dta, encoding=encoding or None)
    meta = open_statistical(path, read_dta)
    variables = [_variable(name, meta) for name in meta.column_names]
    file = StatisticalFile(path, read_dta, {each.name: _text(each) for each in variables})
    variables = _with_letters(file, variables)
    made = meta.creation_time.isoformat(sep=" ", timespec="seconds") if meta.creation_time else ""
    options = {"encoding": encoding} if encoding else {}
    told = [problem("dta_encoding_read", Place(path.name), encoding=encoding)] if encoding else []
    return labelled_export(TOOL, file, variables, (), meta.file_label or "", made, options, told)


def _encoding_of_old(path: Path) -> str:
    """The encoding of a file whose format does not tell it; an empty text for that of Western Windows.

    Everything is read as Latin 1, which keeps each byte, and decoded again. Bytes of other languages may pass for
    CP932, so that is believed only where kana come out.
    """
    import pyreadstat

    as_bytes = partial(pyreadstat.read_dta, encoding="LATIN1")
    meta = open_statistical(path, as_bytes)
    texts = [text or "" for text in (meta.file_label, *meta.column_labels)]
    texts += [text for labels in meta.variable_value_labels.values() for text in labels.values()]
    written = [name for name, kind in meta.readstat_variable_types.items() if kind == "string"]
    file = StatisticalFile(path, as_bytes, dict.fromkeys(written, value_text))
    for part in islice(file.parts(written, ROWS_TRIED), 1 if written else 0):
        texts += [text for column in part for text in column]
    content = "\n".join(text for text in texts if not text.isascii())
    for encoding in OLD_ENCODINGS if content else ():
        try:
            decoded = content.encode("latin-1").decode(encoding)
        except UnicodeError:
            continue
        if encoding == "UTF-8" or KANA.search(decoded):
            return encoding
    return ""


def _variable(name: str, meta: Any) -> Variable:
    printed = meta.original_variable_types[name] or ""
    kind = meta.readstat_variable_types[name]
    shape = (
        TEXT if kind == "string" else next((each for sign, each in SHAPES.items() if printed.startswith(sign)), NUMBER)
    )
    labels = {_cell(shape)(code): text for code, text in meta.variable_value_labels.get(name, {}).items()}
    return Variable(name, meta.column_names_to_labels[name] or "", shape, labels, is_whole=kind in WHOLE)


def _cell(shape: str) -> Text:
    """How a value is written: a letter in a variable of numbers is an extended missing value."""
    if shape == TEXT:
        return value_text
    per_second = 1 / SECONDS_PER_DAY if shape == DAY else 1_000
    numbers = time_text(ORIGIN, per_second, shape) if shape in {DAY, MOMENT} else value_text
    return lambda value: f".{value}" if isinstance(value, str) else numbers(value)


def _text(variable: Variable) -> Text:
    return _cell(variable.shape)


def _with_letters(file: StatisticalFile, variables: Sequence[Variable]) -> list[Variable]:
    """The extended missing values that have a label or stand in the first rows; one met later cannot be read, and is
    told so.
    """
    nothing: list[list[str]] = [[] for _ in variables]
    part = next(file.parts(rows=ROWS_TRIED), nothing)
    found = []
    for each, texts in zip(variables, part, strict=True):
        letters = {code for code in (*each.values, *set(texts)) if code.startswith(".") and len(code) == 2}
        missing = {code: state_of_label(each.values.get(code, "")) for code in sorted(letters) if each.shape != TEXT}
        found.append(replace(each, missing=missing))
    return found
