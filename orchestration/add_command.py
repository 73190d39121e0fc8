"""What `observatory add` does: a folder for a new edition with its file and a drafted card.

Belongs here: the folder, and what the terminal says. Does not belong here: what the card says (``ingest.intake.draft``)
and reading the file (``ingest.tables``).
"""

from __future__ import annotations

import datetime
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ingest.intake.draft import Draft, draft_of, draft_without_table
from ingest.intake.offers import DRAFT_NAME
from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from orchestration.screen import all_lines

if TYPE_CHECKING:
    from ingest.source_card import SourceCard
    from ingest.survey.wave_facts import WaveFacts
    from ingest.tables.printed import Printed
    from orchestration.settings import Settings

ENDINGS = {".csv", ".tsv", ".xlsx", ".xlsm", ".ods"}
# The lines that say what is left to do.
LAST = 2
CODEBOOK_NAME = "codebook.xlsx"
WAVE_FOLDER = "wave"
PLAIN = "plain table"
# Told of a file that is no export of any survey tool, or of which that cannot be said.
NO_EXPORT = {"survey_tool_unknown", "survey_tool_unsure"}
# Told of a file that can be read once the officer says where its table stands.
TO_DECLARE = {"header_not_seen": "header_row", "tables_several": "region"}


def run_add(
    settings: Settings, file: Path, into: Path | None, codebook: Path | None = None, *, in_japanese: bool
) -> int:
    """Make the folder and say what was found and what is left; exit code 1 with a sentence where that cannot be."""
    try:
        folder, draft, printed, told = add_edition(
            settings, file, into or settings.inbox, codebook, in_japanese=in_japanese
        )
    except SourceError as error:
        _say_problems(error.problems, sys.stderr, in_japanese=in_japanese)
        return 1
    lines = _summary(folder, draft, printed, in_japanese=in_japanese)
    # What to do next stands last, where it is seen.
    for line in (*lines[:-LAST], *all_lines(told, in_japanese=in_japanese), *lines[-LAST:]):
        sys.stdout.write(f"{line}\n")
    return 0


def add_edition(
    settings: Settings, file: Path, into: Path, codebook: Path | None = None, *, in_japanese: bool
) -> tuple[Path, Draft, Printed | None, list[Problem]]:
    """The folder made, its draft, the table as printed (None if it was not recognised) and what reading it told.

    Raises:
        SourceError: no such file, a folder that is there already or cannot be made, a file that cannot be read.
    """
    from ingest.printed_table import file_sha256

    if not file.is_file():
        raise SourceError([problem("add_no_file", Place(str(file)))])
    if codebook is not None and not codebook.is_file():
        raise SourceError([problem("survey_no_such_codebook", Place(str(codebook)))])
    if not into.is_dir() and into != settings.inbox:
        raise SourceError([problem("add_no_folder", Place(str(into)), found=str(into))])
    cards = _cards(settings)
    today, sha256 = datetime.datetime.now().astimezone().date().isoformat(), file_sha256(file)
    for card in cards:
        if sha256 in {card.content["sha256"], card.content.get("extracted_from", {}).get("sha256")}:
            raise SourceError([problem("add_known_file", Place(file.name), folder=str(card.path.parent))])
    with tempfile.TemporaryDirectory(prefix="observatory-add-") as work:
        if file.suffix.lower() == ".pdf":
            return _add_report(file, into, cards, today, Path(work), in_japanese=in_japanese)
        if wave := export_facts(file, Path(work), codebook):
            folder, draft = _add_wave(file, sha256, wave, into, today, Path(work), codebook, in_japanese=in_japanese)
            return folder, draft, None, list(wave.problems)
        try:
            printed = _read(file, Path(work))
            refuse_codebook(file, printed.facts.sheet, printed.facts.header)
            draft = draft_of(_name(file, printed), sha256, printed, cards, today)
            told = list(printed.facts.problems)
        except SourceError as error:
            told = list(error.problems)
            if not all(each.code in TO_DECLARE for each in told):
                raise
            remedies = {TO_DECLARE[each.code]: (str(each), each.japanese) for each in told}
            printed, draft = None, draft_without_table(_name(file, None), sha256, remedies, today)
        folder = _make(into, draft, file, in_japanese=in_japanese)
    return folder, draft, printed, told


def _add_report(
    pdf: Path, into: Path, cards: Sequence[SourceCard], today: str, work: Path, *, in_japanese: bool
) -> tuple[Path, Draft, Printed, list[Problem]]:
    """The same for a report: its tables become CSV files, the largest that of the card, and the report stays beside."""
    from ingest.printed_table import file_sha256
    from ingest.tables.pdf_extraction import extract_to_csv

    table, kept, told = extract_to_csv(pdf, work)
    beside = [pdf, *sorted(work.glob("*.csv"))]
    printed = _read(table, work / "printed")
    draft = draft_of(table.name, file_sha256(table), printed, cards, today)
    content = {**draft.content, "obtained": "transcribed", "extracted_from": kept}
    draft = replace(draft, content=content)
    folder = _make(into, draft, table, beside, in_japanese=in_japanese)
    return folder, draft, printed, [*told, *printed.facts.problems]


def export_facts(file: Path, work: Path, codebook: Path | None = None) -> WaveFacts | None:
    """What is known of an export of a survey tool, read in a process of its own; None if no tool's marks are in it.

    With a codebook, a table without any mark is taken for one of answers.

    Raises:
        SourceError: a tool made it, and its reader refuses it; or it is a codebook itself.
    """
    from ingest.survey.foreign import read_foreign_wave
    from ingest.survey.wave_facts import WaveJob

    refuse_codebook(file)
    folder = work / WAVE_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    job = WaveJob(codebook=str(codebook.absolute()) if codebook else "")
    try:
        return read_foreign_wave(file.absolute(), folder, job)
    except SourceError as error:
        if any(
            each.code.startswith(("survey_", "codebook_")) and each.code not in NO_EXPORT for each in error.problems
        ):
            raise
        is_unknown = any(each.code in NO_EXPORT for each in error.problems)
        if codebook is None:
            return None
        if not is_unknown:
            raise
    return read_foreign_wave(file.absolute(), folder, replace(job, tool=PLAIN))


def refuse_codebook(file: Path, sheet: str = "", header: Sequence[str] = ()) -> None:
    """Tell what a codebook is for, by its bytes or the sheet read.

    Raises:
        SourceError: the file is a codebook.
    """
    from ingest.survey.codebook_file import form_of

    if form := form_of(file, sheet, header):
        raise SourceError([problem("survey_codebook_alone", Place(file.name), form=form, name=file.name)])


def _add_wave(
    file: Path,
    sha256: str,
    facts: WaveFacts,
    into: Path,
    today: str,
    work: Path,
    codebook: Path | None,
    *,
    in_japanese: bool,
) -> tuple[Path, Draft]:
    """The same for an export of a survey tool: its codebook stands beside it, written as an XLSForm if not named."""
    from ingest.printed_table import file_sha256
    from ingest.survey.codebook import Codebook
    from ingest.survey.wave_draft import answered_between, draft_wave
    from ingest.survey.xlsform_writing import write_xlsform

    is_named = codebook is not None
    codebook = codebook or work / CODEBOOK_NAME
    if not is_named:
        write_xlsform(Codebook.from_plain(facts.codebook), codebook)
    named = (codebook.name, file_sha256(codebook))
    days = answered_between(work / WAVE_FOLDER)
    draft = draft_wave(file.stem + file.suffix.lower(), sha256, facts, named, days, today, is_named=is_named)
    return _make(into, draft, file, [codebook], in_japanese=in_japanese), draft


def _name(file: Path, printed: Printed | None) -> str:
    """The name of the copy: a card knows a file's kind by its ending."""
    if file.suffix.lower() in ENDINGS or printed is None:
        return file.stem + file.suffix.lower()
    return f"{file.name}.{printed.facts.file_kind}"


def _read(file: Path, folder: Path) -> Printed:
    from ingest.synonyms import known_words
    from ingest.tables.child import read_foreign
    from ingest.tables.printed import Hints

    return read_foreign(file, Hints(words=known_words()), folder)


def _cards(settings: Settings) -> list[SourceCard]:
    """Every card that can be read, bundled ones included; the others are not this command's business."""
    from ingest.catalog import find_cards
    from ingest.source_card import read_card

    cards = []
    for path in find_cards(settings.source_roots):
        try:
            cards.append(read_card(path))
        except SourceError:
            continue
    return cards


def _make(into: Path, draft: Draft, file: Path, beside: Iterable[Path] = (), *, in_japanese: bool) -> Path:
    """Make the folder with all it holds, or nothing."""
    folder = into / draft.folder_name
    partial = into / f".{draft.folder_name}.part"
    if folder.exists():
        raise SourceError([problem("add_folder_there", Place(str(folder)), folder=str(folder))])
    try:
        into.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        for each in beside:
            shutil.copyfile(each, partial / each.name)
        shutil.copyfile(file, partial / str(draft.content["file"]))
        (partial / DRAFT_NAME).write_text(draft.text(in_japanese=in_japanese), encoding="utf-8")
        partial.rename(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise SourceError([problem("add_no_folder", Place(str(into)), found=error.strerror or str(error))]) from error
    return folder


def _summary(folder: Path, draft: Draft, printed: Printed | None, *, in_japanese: bool) -> list[str]:
    """What was found, and what is left to do."""
    words = JAPANESE if in_japanese else ENGLISH
    lines = [words["made"].format(folder=folder, draft=DRAFT_NAME)]
    if printed is not None:
        facts, content = printed.facts, draft.content
        columns: Mapping[str, str | None] = content["columns"]
        rows = "-".join(map(str, sorted({facts.header_rows[0], facts.header_rows[-1]})))
        open_columns = [name for name, ours in columns.items() if ours is None]
        lines.append(words["header"].format(rows=rows, n=len(columns), entries=content["expected_rows"]["min"]))
        lines.append(words["kind"].format(kind=content["kind"], table=content["table"]))
        mapped = [f"{name} = {ours}" for name, ours in columns.items() if ours]
        lines.append(words["columns"].format(names=", ".join(mapped) or "-"))
        lines += [words["open_columns"].format(names=", ".join(open_columns))] if open_columns else []
        lines += [words["personal"].format(names=", ".join(content["personal"]))] if "personal" in content else []
        lines += [words["model"].format(model=each[in_japanese]) for each in draft.comments.get(("family",), ())]
    if "survey" in draft.content:
        told = draft.comments["survey",][0][in_japanese]
        lines.append(f"{told[0].upper()}{told[1:]}.")
        lines += [words["codebook"].format(codebook=draft.content["survey"]["codebook"]["file"])]
    lines.append(words["left"].format(fields=", ".join(draft.open_fields)))
    lines.append(words["next"].format(draft=folder / DRAFT_NAME))
    return lines


ENGLISH = {
    "made": "Made {folder} with a copy of the file and {draft}.",
    "header": "Header in row {rows}; columns: {n}, entries below it: {entries}.",
    "kind": "Taken for: {kind} / {table}.",
    "columns": "Columns recognised: {names}.",
    "open_columns": "Columns kept as printed only, unless you map them: {names}.",
    "personal": "Columns with personal data, to be kept apart: {names}.",
    "model": "Filled {model}.",
    "codebook": "Questions and options stand in {codebook}: review it as you would the card.",
    "left": "Left for you to fill in: {fields}.",
    "next": "Complete {draft}, rename it to source.yml, then try it with: observatory check",
}
JAPANESE = {
    "made": "{folder} を作成し、ファイルの写しと {draft} を入れました。",
    "header": "見出しは{rows}行、{n}列、項目は{entries}行です。",
    "kind": "種類：{kind} / {table}",
    "columns": "判別した列：{names}",
    "open_columns": "印刷どおりの保存のみ（必要なら対応づけてください）：{names}",
    "personal": "個人情報の列（別に保管します）：{names}",
    "model": "記入の手本：{model}",
    "codebook": "設問と選択肢は {codebook} にあります。カードと同じように確認してください。",
    "left": "記入が必要な項目：{fields}",
    "next": "{draft} を完成させて source.yml に名前を変え、observatory check で確認してください。",
}


def _say_problems(problems: Iterable[Problem], stream: TextIO, *, in_japanese: bool) -> None:
    for line in all_lines(list(problems), in_japanese=in_japanese):
        # A refusal needs no word for its outcome.
        stream.write(f"{line.strip().partition('  ')[2]}\n")
