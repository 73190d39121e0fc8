"""What a source card must say: its schema, and what only the layout of its table knows.

Belongs here: every breach of the card's rules, each at its line. Does not belong here: reading the YAML
(``source_card``), and the file that the card speaks of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ingest.layout import LAYOUTS, WAVE, Layout, layout_of
from ingest.message import problem
from ingest.problem import Place, Problem, nearest_word
from ingest.survey.wave_check import wave_breaches
from ingest.values.reading import options_of

SCHEMA_FILE = Path(__file__).with_name("source_card.schema.json")
Lines = Mapping[tuple[str, ...], int]
# What the schema wants, by its rule, in both languages.
FORMS = {
    "enum": ("one of {}", "次のいずれか：{}"),
    "type": ("a value of type {}", "{} 型の値"),
    "format": ("a real {}", "実在する {}"),
    "pattern": ("text of the form {}", "次の形の文字列：{}"),
    "minItems": ("at least {} of them", "{} 個以上"),
    "minProperties": ("at least {} of them", "{} 個以上"),
    "minLength": ("at least {} characters", "{} 文字以上"),
}


def card_problems(path: Path, content: dict[str, Any], lines: Lines) -> list[Problem]:
    """Every breach of the card's rules; the layout is asked only if the schema is content."""
    check = _Check(path, content, lines)
    return list(check.schema_problems()) or list(check.layout_problems())


@cache
def _validator() -> Any:
    import jsonschema

    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


class _Check:
    """One card while it is checked."""

    def __init__(self, path: Path, content: dict[str, Any], lines: Lines) -> None:
        self.path, self.content, self.lines = path, content, lines

    def told(self, code: str, place: tuple[str, ...], /, **values: object) -> Problem:
        """A problem at the line of a field, or of the nearest field around it."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        where = Place(str(self.path), line=self.lines.get(known, 0))
        return problem(code, where, field=" > ".join(place), **values)

    def unknown(
        self, code: str, place: tuple[str, ...], name: str, known: Iterable[str], /, **values: object
    ) -> Problem:
        """A problem with a name that is none of the known ones."""
        known = list(known)
        near = nearest_word(name, known) or None
        return self.told(code, place, near=near, known=", ".join(known) or None, **values)

    def schema_problems(self) -> Iterator[Problem]:
        """Breaches of the schema, in the order of the fields."""
        errors = sorted(
            _validator().iter_errors(self.content), key=lambda each: [str(part) for part in each.absolute_path]
        )
        for position, error in enumerate(errors):
            if position and error.validator == "pattern" and error.absolute_path == errors[position - 1].absolute_path:
                continue
            place = tuple(str(part) for part in error.absolute_path)
            if error.validator == "required":
                for name in error.validator_value:
                    if name not in error.instance and f"'{name}' is a required property" == error.message:
                        yield self.told("card_field_missing", (*place, name), name=name)
            elif error.validator == "additionalProperties":
                known = error.schema.get("properties", {})
                for name in sorted(set(error.instance) - set(known)):
                    yield self.unknown("card_field_unknown", (*place, name), name, known, name=name)
            else:
                form_en, form_ja = _form(error)
                yield self.told("card_value_wrong", place, value=error.instance, form=form_en, form_ja=form_ja)

    def layout_problems(self) -> Iterator[Problem]:
        """Breaches that need the layout: unknown table, our columns, keys, coded and read columns, headers."""
        kind, table = self.content["kind"], self.content["table"]
        if (kind, table) not in LAYOUTS:
            tables = [known for each_kind, known in LAYOUTS if each_kind == kind]
            yield self.unknown("card_table_unknown", ("table",), table, tables, kind=kind, table=table)
            return
        fewest, most = (int(self.content["expected_rows"][end]) for end in ("min", "max"))
        if fewest > most:
            yield self.told("card_bounds_turned", ("expected_rows",), fewest=fewest, most=most)
            return
        yield from self._wave_problems()
        layout = layout_of(kind, table)
        yield from self._column_problems(layout)
        for column in self.content.get("labels", {}):
            if column not in layout.coded:
                yield self.unknown("card_label_no_code", ("labels", column), column, layout.coded, column=column)
        for field in ("reading", "nothing"):
            for column in self.content.get(field, {}):
                if column not in layout.reads:
                    yield self.unknown("card_option_unknown", (field, column), column, layout.reads, column=column)
                elif wrong := self._option_problem(column):
                    yield self.told("card_option_wrong", (field, column), said=wrong)
        yield from self._header_problems()

    def _wave_problems(self) -> Iterator[Problem]:
        """Breaches in what is said of a survey wave, which only the card of an export of answers has."""
        kind, table = self.content["kind"], self.content["table"]
        if "survey" not in self.content:
            return
        if (kind, table) != WAVE:
            yield self.told("card_survey_misplaced", ("survey",), kind=kind, table=table)
            return
        for breach in wave_breaches(self.content["survey"], is_synthetic=self.content["synthetic"] is True):
            place = ("survey", *breach.place)
            if breach.known is None:
                yield self.told(breach.code, place, **breach.values)
            else:
                yield self.unknown(breach.code, place, breach.name, breach.known, name=breach.name)

    def _option_problem(self, column: str) -> str:
        """Why what is declared of a column cannot be; empty if it can."""
        try:
            options_of(self.content.get("reading", {}).get(column, {}), self.content.get("nothing", {}).get(column))
        except ValueError as error:
            return str(error)
        return ""

    def _column_problems(self, layout: Layout) -> Iterator[Problem]:
        kind, table, constants = self.content["kind"], self.content["table"], self.content.get("constants", {})
        columns = self.content.get("columns", {})
        named = [(("columns", printed), ours) for printed, ours in columns.items() if ours is not None]
        mapped = [ours for _, ours in named]
        named += [(("constants", ours), ours) for ours in constants]
        for field, names in (("key", self.content.get("key", layout.key)),
                             ("blanks_accepted", self.content.get("blanks_accepted", []))):  # fmt: skip
            named += [((field, str(position)), ours) for position, ours in enumerate(names)]
        for place, ours in named:
            if ours not in layout.columns:
                yield self.unknown("card_column_unknown", place, ours, layout.columns, column=ours)
        for ours in sorted({ours for ours in mapped if mapped.count(ours) > 1} | (set(mapped) & set(constants))):
            yield self.told("card_column_twice", ("columns",), column=ours)
        for ours in layout.required:
            if ours not in mapped and ours not in constants:
                yield self.told("card_column_unfilled", ("columns",), column=ours, kind=kind, table=table)

    def _header_problems(self) -> Iterator[Problem]:
        columns = self.content.get("columns", {})
        for field in ("optional", "personal"):
            for position, name in enumerate(self.content.get(field, [])):
                place = (field, str(position))
                if name not in columns:
                    yield self.unknown("card_header_unknown", place, name, columns, name=name)
                elif field == "personal" and columns[name] is not None:
                    yield self.told("card_personal_mapped", place, name=name, column=columns[name])
        pattern = self.content.get("file_pattern")
        if pattern is not None and not _names_an_edition(pattern):
            yield self.told("card_pattern_wrong", ("file_pattern",), value=pattern)


def _names_an_edition(pattern: str) -> bool:
    try:
        return "edition" in re.compile(pattern).groupindex
    except re.error:
        return False


def _form(error: Any) -> tuple[str, str]:
    """What the schema wanted, in both languages."""
    rule = error.validator_value
    if error.validator == "pattern" and "description" in error.schema:
        return str(error.schema["description"]), str(error.schema["description_ja"])
    if error.validator not in FORMS:
        return str(error.message), str(error.message)
    shown = ", ".join(map(str, rule)) if isinstance(rule, list) else str(rule)
    english, japanese = FORMS[error.validator]
    return english.format(shown), japanese.format(shown)
