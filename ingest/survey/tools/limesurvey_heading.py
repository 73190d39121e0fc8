"""The headings of a LimeSurvey export: codes, ExpressionScript codes, full texts, codes with texts, abbreviated texts.

Belongs here: what each heading says by itself. Does not belong here: cells (``limesurvey``), types of questions
(``codebook_lss``). Source of the forms: Writer.php, viewHelper.php and createFieldMap of LimeSurvey.

Subquestions are named as ExpressionScript does, behind the question's code with a line between, scales counted from 0:
``Q3[A1][1]`` is row ``A1_0`` of ``Q3``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from ingest.survey.export import SourceColumn
from ingest.tables.cell_text import fold
from ingest.tables.grid import column_letters
from ingest.values.tables import read_table_beside

CODES, SCRIPT, TEXTS, BOTH, CUT = (
    *("codes", "ExpressionScript codes", "full texts", "codes and texts", "abbreviated texts"),
)
CODE = re.compile(r"([A-Za-z][A-Za-z0-9_]*)((?:\[[^\[\]]*\])*)")
# LimeSurvey cuts a text and puts this behind it.
CUT_MARK, CUT_AFTER = ".. ", 15
ATTRIBUTE = re.compile(r"(?i)attribute[_ ]\d+")
GROUP_TIME = re.compile(r"groupTime\d+")


@cache
def words(meaning: str) -> tuple[str, ...]:
    """How LimeSurvey writes a word in the languages that are known, English first."""
    rows = read_table_beside(__file__, "limesurvey_word")
    return next(tuple(row["texts"].split("|")) for row in rows if row["meaning"] == meaning)


def is_word(meaning: str, text: str) -> bool:
    """Whether a text is LimeSurvey's word for something, whatever its language, case and width."""
    return fold(text) in {fold(word) for word in words(meaning)}


@cache
def _meta() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Roles by the code of a technical column, and codes by its text."""
    rows = read_table_beside(__file__, "limesurvey_heading")
    texts = {_plain(text): row["code"] for row in rows for text in row["texts"].split("|")}
    cut = {f"{text[:CUT_AFTER]}{CUT_MARK}": row["code"] for row in rows for text in row["texts"].split("|")}
    texts = {_plain(text): code for text, code in cut.items()} | texts
    return {row["code"]: row["role"] for row in rows}, texts


def _plain(text: str) -> str:
    """A text as it is compared: LimeSurvey writes blanks as lines on demand."""
    return fold(text.replace("_", " "))


def heading_style(header: Sequence[str]) -> str:
    """Which of the five forms a header row has; empty for a header that is none of LimeSurvey's.

    Needed are the columns of the submission, of the last page and of the language.
    """
    _, texts = _meta()
    needed = {"submitdate", "startlanguage"}
    if needed <= set(header):
        # Question codes hold no line in ExpressionScript, and no text does without brackets.
        return CODES if any("[" in cell for cell in header) or not _has_script_codes(header) else SCRIPT
    header = _with_blanks(header)
    if needed <= {texts.get(_plain(cell), "") for cell in header}:
        cut = any(cell.endswith(CUT_MARK) or f"{CUT_MARK} [" in cell or f"{CUT_MARK}]" in cell for cell in header)
        return CUT if cut else TEXTS
    if needed <= {found[1] for cell in header if (found := CODE.match(cell)) and found.end() < len(cell)}:
        return BOTH
    return ""


def _with_blanks(header: Sequence[str]) -> Sequence[str]:
    """Texts with their blanks, where LimeSurvey was told to write lines instead."""
    return header if any(" " in cell for cell in header) else [cell.replace("_", " ") for cell in header]


def _has_script_codes(header: Sequence[str]) -> bool:
    roles, _ = _meta()
    return any("_" in cell for cell in header if cell not in roles and not ATTRIBUTE.fullmatch(cell))


def columns_of(header: Sequence[str], style: str) -> list[SourceColumn]:
    """The columns with their roles; a column with a subquestion has the part ``value`` until its cells tell more."""
    separator = _separator(header) if style == BOTH else ""
    columns = []
    texts = _with_blanks(header) if style in {TEXTS, CUT} else header
    for place, (cell, with_blanks) in enumerate(zip(header, texts, strict=True)):
        found = CODE.match(cell) if style == BOTH else None
        code = found[0] if found else cell
        text = cell[len(code) :].removeprefix(separator) if found else with_blanks
        blank = SourceColumn(place, cell, column_letters(place + 1))
        columns.append(_column(blank, code, text, style))
    return _without_timings(columns)


def _column(blank: SourceColumn, code: str, text: str, style: str) -> SourceColumn:
    roles, texts = _meta()
    # Fields of the list of participants keep their codes in some exports of full texts.
    meta = texts.get(_plain(text), text) if style in {TEXTS, CUT} else code
    if meta in roles or ATTRIBUTE.fullmatch(meta):
        return replace(blank, role=roles.get(meta, "custom"))
    if GROUP_TIME.fullmatch(code) or (style in {TEXTS, CUT} and _is_timing(text)):
        return replace(blank, role="other_meta")
    if style in {TEXTS, CUT}:
        return from_text(blank, text)
    told = from_code(blank, code, style)
    if style == BOTH:
        question, groups = split_text(text)
        named = _sub_text(groups) if told.sub_name or told.part == "comment" else ""
        return replace(told, text=question if groups else text.strip(), sub_text=named)
    return told


def _is_timing(text: str) -> bool:
    return any(fold(text).startswith(f"{fold(word)}:") for word in (*words("group_time"), *words("question_time")))


def from_code(blank: SourceColumn, code: str, style: str) -> SourceColumn:
    """A column by its code: ``Q1``, ``Q1[SQ001]``, ``Q1[SQ001][2]``, ``Q1_SQ001_1``, ``Q1[SQ001comment]``."""
    if style == SCRIPT:
        name, _, sub = code.partition("_")
    else:
        found = CODE.fullmatch(code)
        name, groups = (found[1], re.findall(r"\[([^\[\]]*)\]", found[2])) if found else (code, [])
        sub = groups[0] if groups else ""
        if len(groups) > 1:
            sub = f"{sub}_{int(groups[1]) - 1}" if groups[1].isdigit() else f"{sub}_{groups[1]}"
    return of_suffix(replace(blank, name=name), sub)


def of_suffix(named: SourceColumn, sub: str) -> SourceColumn:
    """A column of a question by what stands behind the question's code."""
    if sub == "other":
        return replace(named, part="other")
    if sub.endswith("comment"):
        return replace(named, part="comment", sub_name=sub.removesuffix("comment"))
    if sub == "filecount":
        return replace(named, role="other_meta")
    return replace(named, sub_name=sub)


def from_text(blank: SourceColumn, text: str) -> SourceColumn:
    """A column by its text: ``Question``, ``Question [row]``, ``Question [row][column]``, ``Question [Other]``."""
    question, groups = split_text(text)
    if not groups:
        return replace(blank, text=text.strip())
    told = replace(blank, text=question, sub_text=_sub_text(groups))
    if is_word("other", groups[-1]) and len(groups) == 1:
        return replace(told, part="other")
    if is_word("comment", groups[-1]) or is_word("other_comment", groups[-1]):
        return replace(told, part="comment", sub_text=_sub_text(groups[:-1]))
    if any(re.fullmatch(rf"{fold(word)}\d+", fold(groups[0])) for word in words("rank")):
        return replace(told, part="position", sub_text="")
    return told


def split_text(text: str) -> tuple[str, list[str]]:
    """A heading's question and the texts in the brackets at its end; brackets inside of brackets stay where they are.

    >>> split_text("Which fields? [ICT [all]]")
    ('Which fields?', ['ICT [all]'])
    """
    rest, groups = text.rstrip(), list[str]()
    while rest.endswith("]"):
        depth = 0
        for start in range(len(rest) - 1, -1, -1):
            depth += {"]": 1, "[": -1}.get(rest[start], 0)
            if not depth:
                break
        if depth:
            break
        groups.insert(0, rest[start + 1 : -1].strip())
        # Only brackets that stand side by side belong to the same heading.
        if (rest := rest[:start]).endswith(" "):
            break
    return (rest.strip(), groups) if rest.strip() else (text.strip(), [])


def _sub_text(groups: Sequence[str]) -> str:
    return groups[0] + "".join(f" [{each}]" for each in groups[1:]) if groups else ""


def _separator(header: Sequence[str]) -> str:
    """What stands between code and text, told by a column whose code is known."""
    rest = next(cell.removeprefix("submitdate") for cell in header if cell.startswith("submitdate"))
    return rest[: len(rest) - len(rest.lstrip(" .:;|-–/_,"))]


def _without_timings(columns: Sequence[SourceColumn]) -> list[SourceColumn]:
    """Timings stand behind the total time; a question's own is its code with ``Time``."""
    total = next((each.place for each in columns if each.role == "duration"), None)
    names = {each.name for each in columns if each.role == "answer"}
    return [
        replace(each, role="other_meta", name="")
        if total is not None and each.place > total and each.name.removesuffix("Time") in names - {each.name}
        else each
        for each in columns
    ]
