"""The codebooks of all waves of a released file: one folder for each, ``codebooks/<wide table>/``.

Belongs here: which files there are and what they are called. Does not belong here: their formats. The questionnaire as
XLSForm is written beside them by whoever composes the release, because its format belongs to the intake.
"""

from __future__ import annotations

import json
from pathlib import Path

from analytics.codebook.ddi import ddi_document
from analytics.codebook.page import LANGUAGES, codebook_page, page_name
from analytics.codebook.table_schema import table_schema
from analytics.codebook.wave import WaveCodebook, read_waves

FOLDER = "codebooks"
XLSFORM, DDI = "questionnaire.xlsx", "ddi.xml"


def write_codebooks(database: Path, out_dir: Path, release_id: str) -> list[Path]:
    """Write the codebook of every wave below ``out_dir/codebooks``; returns the wave's folders, in order.

    The same file gives the same bytes.
    """
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        waves = read_waves(connection)
    return [_write(wave, out_dir / FOLDER / wave.folder, release_id) for wave in waves]


def _write(wave: WaveCodebook, folder: Path, release_id: str) -> Path:
    folder.mkdir(parents=True)
    schemas = {f"{table.partition('.')[2]}.tableschema.json": table_schema(wave, table) for table in wave.tables}
    for name, schema in schemas.items():
        _text(folder / name, json.dumps(schema, ensure_ascii=False, indent=2) + "\n")
    _text(folder / DDI, ddi_document(wave, release_id))
    released = [] if wave.is_withheld else wave.tables
    answers = [(f"../../parquet/{table.replace('.', '/', 1)}.parquet", "file_parquet") for table in released]
    files = [(XLSFORM, "file_xlsform"), (DDI, "file_ddi"), *((name, "file_schema") for name in schemas), *answers]
    for language in LANGUAGES:
        _text(folder / page_name(language), codebook_page(wave, language, release_id, files))
    return folder


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
