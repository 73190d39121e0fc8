"""The codebook of a wave as a page for people, one in English and one in Japanese, without script or network.

Belongs here: which rows and columns the table of a question has, and the words. Does not belong here: the layout
(``pages/templates/codebook.html``), counting; every number is one of ``reports.rpt_survey_codebook``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from analytics.codebook.answer_state import ANSWERED, NOT_SELECTED, SELECTED, answer_states
from analytics.codebook.wave import BY_OPTION, Line, Option, Question, WaveCodebook
from analytics.pages.number_format import NO_NUMBER, SMALL_BASE, percent, whole_number
from analytics.pages.report import render

WORDS = Path(__file__).with_name("page_word.csv")
LANGUAGES = ("en", "ja")
# What official statistics write for a number that is confidential.
SUPPRESSED = "c"


class Wording(NamedTuple):
    """A text with its language, which is empty where it is that of the page or none."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a table; ``language`` where it is not that of the page."""

    text: str
    kind: str = "text"
    language: str = ""


@dataclass(frozen=True)
class AnswerTable:
    """The table of one question: its heads, rows in the base, rows outside of it."""

    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    outside: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True)
class Block:
    """A question as the page shows it; ``columns`` are those of the wide tables."""

    question: Question
    title: Wording
    other_title: Wording
    facts: tuple[str, ...]
    columns: tuple[str, ...]
    table: AnswerTable | None
    base: str
    note: str


@cache
def page_words(language: str) -> Mapping[str, str]:
    """The words of the page."""
    with WORDS.open(encoding="utf-8", newline="") as stream:
        return {row["word"]: row[language] for row in csv.DictReader(stream)}


def codebook_page(wave: WaveCodebook, language: str, release_id: str, files: Iterable[tuple[str, str]]) -> str:
    """The page of a wave. ``files``: name of a file beside it, and the word that says what it is."""
    words = page_words(language)
    blocks = [_block(wave, question, language, words) for question in wave.questions]
    groups = [
        (parent, list(members))
        for parent, members in groupby(blocks, key=lambda block: _group(block.question, language))
    ]
    titles = {each: str(text) for each in LANGUAGES if (text := wave.facts[f"title_{each}"])}
    limits = [limit[f"sentence_{language}"] for limit in wave.limits]
    return render(
        "codebook.html", words=words, title=_text(titles, language, wave.edition_id),
        other_title=_other(titles, language, wave.edition_id), wave=wave,
        groups=groups, facts=_facts(wave, language, words), limits=list(dict.fromkeys(limits)),
        files=[(name, words[word]) for name, word in files], release_id=release_id, page_name=page_name,
    )  # fmt: skip


def page_name(language: str) -> str:
    """Name of the page's file."""
    return f"codebook.{language}.html"


def _text(texts: Mapping[str, str], language: str, code: str) -> Wording:
    """The text in the language of the page, else in the first one that it was asked in, else the code."""
    if texts.get(language):
        return Wording(texts[language])
    return next((Wording(text, other) for other, text in texts.items()), Wording(code))


def _other(texts: Mapping[str, str], language: str, code: str) -> Wording:
    """The wording of the other language, if there is another one."""
    own = _text(texts, language, code).text
    found = (Wording(text, other) for other, text in texts.items() if other != language and text != own)
    return next(found, Wording(""))


def _group(question: Question, language: str) -> tuple[str, Wording, Wording]:
    texts = question.parent_texts
    if not question.parent:
        return ("", Wording(""), Wording(""))
    return question.parent, _text(texts, language, question.parent), _other(texts, language, question.parent)


def _facts(wave: WaveCodebook, language: str, words: Mapping[str, str]) -> list[tuple[str, Wording]]:
    facts = wave.facts
    # Rules and reasons are told in English.
    english = "" if language == "en" else "en"
    export = f"{facts['tool']} ({facts['export_form']})" if facts["export_form"] else str(facts["tool"])
    told: list[tuple[str, object]] = [
        ("wave", f"{facts['survey_code']}, {facts['wave']}"), ("tool", export), ("rows", facts["n_rows"]),
        ("counted", facts["n_counted"]), ("not_counted", facts["n_not_counted"]), ("redacted", facts["n_redacted"]),
        ("unreadable", facts["n_unreadable"]), ("forgotten", facts["n_forgotten"]),
        ("partial_rule", Wording(facts["partial_rule"] or "", english)),
        ("duplicate_rule", Wording(facts["duplicate_rule"] or "", english)),
        ("weights", Wording(wave.weights_refusal, english) if wave.weights_refusal else words["weights_used"]),
        ("codebook_origin", " ".join(filter(None, (facts["codebook_origin"], facts["codebook_file"])))),
        ("retention", facts["retention_until"]), ("microdata", words[f"microdata_{facts['microdata']}"]),
    ]  # fmt: skip
    return [(words[word], each) for word, value in told if (each := _fact(value)).text]


def _fact(value: object) -> Wording:
    if isinstance(value, Wording):
        return value
    return Wording("" if value is None else whole_number(value) if isinstance(value, int) else str(value))


def _block(wave: WaveCodebook, question: Question, language: str, words: Mapping[str, str]) -> Block:
    told = [words.get(question.kind, question.kind)]
    told += [
        words[word] for word, holds in (("required", question.is_required), ("personal", question.is_personal)) if holds
    ]
    told += [words["other_of"].format(question=question.other_of)] if question.other_of else []
    told += [words["repeat"].format(repeat=question.repeat)] if question.repeat else []
    columns = tuple(
        column.name for column in wave.columns if column.question is question and column.part not in {"raw", "state"}
    )
    return Block(
        question, _text(question.texts, language, question.code), _other(question.texts, language, question.code),
        tuple(told), columns, _table(question, language, words) if question.lines else None,
        _base(question), _note(question, language, words),
    )  # fmt: skip


def _base(question: Question) -> str:
    """Responses in the base, where it is one for the whole question."""
    bases = {line.base_n for line in question.lines}
    return _count(bases.pop()) if len(bases) == 1 and question.kind not in BY_OPTION else ""


def _note(question: Question, language: str, words: Mapping[str, str]) -> str:
    """What belongs under the table: its base, and what the mark of a suppressed number means."""
    note = question.notes.get(language, "")
    is_suppressed = any(line.n is None or line.base_n is None for line in question.lines)
    return f"{note} {words['suppressed']}".strip() if is_suppressed else note


def _table(question: Question, language: str, words: Mapping[str, str]) -> AnswerTable:
    build = _by_option if question.kind in BY_OPTION else _by_state
    return build(question, language, words)


def _labels(option: Option, language: str) -> tuple[Cell, Cell, Cell]:
    own, other = (find(option.texts, language, option.code) for find in (_text, _other))
    return Cell(option.code, "code"), Cell(own.text, "head", own.language), Cell(other.text, "text", other.language)


def _option_heads(question: Question, language: str, words: Mapping[str, str]) -> list[Cell]:
    """The heads of the three cells of an option; the third is in whatever language the questionnaire has."""
    found = {_other(option.texts, language, option.code).language for option in question.options} - {""}
    is_usual = found <= {words["other_lang"]}
    other = Cell(words["other_answer"], "text", words["other_lang"]) if is_usual else Cell(words["other_language"])
    return [Cell(words["code"]), Cell(words["answer"]), other]


def _by_state(question: Question, language: str, words: Mapping[str, str]) -> AnswerTable:
    """One row for each code, then one for each state of the question as a whole."""
    options = {option.code: option for option in question.options}
    has_options, is_weighted = bool(options), any(line.weighted_share is not None for line in question.lines)
    inside: list[tuple[Cell, ...]] = []
    outside: list[tuple[Cell, ...]] = []
    for line in sorted(question.lines, key=lambda each: _place(each, options)):
        row: tuple[Cell, ...]
        option = options.get(line.option or "")
        if option:
            row = _labels(option, language)
        else:
            label = getattr(answer_states()[line.state], f"label_{language}")
            row = (Cell(NO_NUMBER, "code"), Cell(label, "head"), Cell("")) if has_options else (Cell(label, "head"),)
        row += (Cell(_count(line.n), "number"), Cell(_share(line.share, line, words), "number"))
        row += (Cell(_share(line.weighted_share, line, words), "number"),) if is_weighted else ()
        (inside if line.is_in_base else outside).append(row)
    heads = _option_heads(question, language, words) if has_options else [Cell(words["state"])]
    numbers = ("n", "share", *(("weighted_share",) if is_weighted else ()))
    heads += [Cell(words[word], "number") for word in numbers]
    return AnswerTable(tuple(heads), tuple(inside), tuple(outside))


def _place(line: Line, options: Mapping[str, Option]) -> tuple[int, int]:
    """Options in the order of the code list, then states in the order of their table."""
    option = options.get(line.option or "")
    return option.number if option else len(options) + 1, list(answer_states()).index(line.state)


def _by_option(question: Question, language: str, words: Mapping[str, str]) -> AnswerTable:
    """One row for each option: how many chose it, how many did not, its base, and the states outside of it."""
    present = {line.state for line in question.lines}
    own = {option.state for option in question.options} | {SELECTED, NOT_SELECTED}
    others = [state for state in answer_states() if state in present - own and state != ANSWERED]
    is_weighted = any(line.weighted_share is not None for line in question.lines)
    rows = []
    for option in question.options:
        lines = {line.state: line for line in question.lines if line.option == option.code}
        chosen = lines.get(option.state)
        counts = [chosen, lines.get(NOT_SELECTED)]
        cells = [Cell(_count(line.n if line else 0), "number") for line in counts]
        base = chosen.base_n if chosen else 0
        cells += [
            Cell(_count(base), "number"),
            Cell(_share(chosen.share if chosen else None, chosen, words), "number"),
        ]
        cells += (
            [Cell(_share(chosen.weighted_share if chosen else None, chosen, words), "number")] if is_weighted else []
        )
        cells += [Cell(_count(lines[state].n if state in lines else 0), "number") for state in others]
        rows.append((*_labels(option, language), *cells))
    ticked = ("ranked", "not_ranked") if question.kind == "rank" else ("chosen", "not_chosen")
    numbers = (*ticked, "base", "share", *(("weighted_share",) if is_weighted else ()))
    heads = _option_heads(question, language, words) + [Cell(words[word], "number") for word in numbers]
    heads += [Cell(getattr(answer_states()[state], f"label_{language}"), "number") for state in others]
    return AnswerTable(tuple(heads), tuple(rows))


def _count(n: int | None) -> str:
    return SUPPRESSED if n is None else whole_number(n)


def _share(share: float | None, line: Line | None, words: Mapping[str, str]) -> str:
    if line is not None and (line.n is None or line.base_n is None):
        return SUPPRESSED if line.is_in_base else NO_NUMBER
    if share is None or line is None or line.base_n is None:
        return NO_NUMBER
    return words["small_base"] if line.base_n < SMALL_BASE else percent(share, line.base_n)
