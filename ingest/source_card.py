"""Read and check a source card (``source.yml``).

Belongs here: the card's own rules, each breach told with file, line and field. Does not belong here: the file the card
speaks of (``printed_table``) and how its rows land (``landing``).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.layout import LAYOUTS, Layout, layout_of
from ingest.problem import Problem, SourceError, nearest

DEEPEST_FIELD = 4
SCHEMA_FILE = Path(__file__).with_name("source_card.schema.json")


@dataclass(frozen=True)
class SourceCard:
    """One checked card: ``content`` is the card as written, ``path`` where it stands."""

    path: Path
    content: dict[str, Any]

    @property
    def source_id(self) -> str:
        """The card's unique id."""
        return str(self.content["id"])

    @property
    def kind(self) -> str:
        """The kind of source, which decides the layout."""
        return str(self.content["kind"])

    @property
    def table(self) -> str:
        """The table of the kind that the file holds."""
        return str(self.content["table"])

    @property
    def family(self) -> str:
        """The series of editions."""
        return str(self.content["family"])

    @property
    def edition(self) -> str:
        """The edition within the family."""
        return str(self.content["edition"])

    @property
    def is_synthetic(self) -> bool:
        """Whether the rows were made up and declared so."""
        return bool(self.content["synthetic"])

    @property
    def file(self) -> Path:
        """The data file beside the card."""
        return self.path.parent / str(self.content["file"])

    @property
    def layout(self) -> Layout:
        """Our columns for this kind and table."""
        return layout_of(self.kind, self.table)

    @property
    def column_map(self) -> dict[str, str | None]:
        """Printed header to our column; None = kept as printed, mapped to nothing."""
        return dict(self.content["columns"])

    @property
    def key(self) -> tuple[str, ...]:
        """Our columns that tell two rows of the edition apart."""
        return tuple(self.content.get("key", self.layout.key))

    @property
    def expected_rows(self) -> tuple[int, int]:
        """Fewest and most rows the reviewer expects."""
        bounds = self.content["expected_rows"]
        return int(bounds["min"]), int(bounds["max"])

    def fingerprint(self) -> str:
        """Hash of everything the card says, independent of layout, comments and place."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class _TextLoader(yaml.CSafeLoader):
    """YAML as text: only true/false and null are not strings, so ``NO`` stays a country and 2016 an edition."""


_TextLoader.yaml_implicit_resolvers = {}
_TextLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(?:~|null|)$"), ["~", "n", ""])
_TextLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


def read_card(path: Path) -> SourceCard:
    """Read and check one card.

    Raises:
        SourceError: with every breach of the card's rules, each naming file, line and field.
    """
    content, lines = _parse(path)
    problems = _schema_problems(path, content, lines)
    if not problems:
        problems = _layout_problems(path, content, lines)
    if problems:
        raise SourceError(problems)
    return SourceCard(path, content)


def _parse(path: Path) -> tuple[dict[str, Any], dict[tuple[str, ...], int]]:
    """The card's content and the line on which each field stands."""
    lines: dict[tuple[str, ...], int] = {}
    try:
        loader = _TextLoader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        if node is not None:
            _note_lines(node, (), lines, path, set())
        content = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _broken(path, line, str(error.problem or "a part that cannot be read")) from error
    except UnicodeDecodeError as error:
        raise _broken(path, 1, f"byte {error.start} is not UTF-8") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _broken(path, 1, str(error).splitlines()[0] if str(error) else type(error).__name__) from error
    if not isinstance(content, dict):
        raise _broken(path, 1, "an empty card or a list")
    return content, lines


def _broken(path: Path, line: int, found: str) -> SourceError:
    return SourceError(
        [
            Problem(
                "the card cannot be read",
                f"{path}, line {line}",
                found,
                "UTF-8 text with fields as 'name: value', indented by spaces",
                "correct the line; text with ': ' or a leading special sign needs quotation marks",
            )
        ]
    )


def _note_lines(
    node: yaml.Node, place: tuple[str, ...], lines: dict[tuple[str, ...], int], path: Path, seen: set[int]
) -> None:
    """Keep each field's line; refuse what a card never needs: repeated or odd names, deep nesting, references."""
    line = node.start_mark.line + 1
    if len(place) > DEEPEST_FIELD:
        raise _broken(path, line, "fields nested too deeply")
    if id(node) in seen:
        raise _broken(path, line, "a value that refers to another one ('&' and '*')")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _broken(path, line, "a field whose name is not text")
            # A label may read 'true' or '~'; as a name it is text.
            key.tag = "tag:yaml.org,2002:str"
            field = (*place, str(key.value))
            if field in lines:
                raise _broken(path, key.start_mark.line + 1, f"a field is given twice: {' > '.join(field)}")
            lines[field] = key.start_mark.line + 1
            _note_lines(value, field, lines, path, seen)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            lines[(*place, str(position))] = value.start_mark.line + 1
            _note_lines(value, (*place, str(position)), lines, path, seen)


@cache
def _validator() -> Any:
    import jsonschema

    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def _schema_problems(path: Path, content: dict[str, Any], lines: dict[tuple[str, ...], int]) -> list[Problem]:
    problems: list[Problem] = []
    errors = sorted(_validator().iter_errors(content), key=lambda each: [str(part) for part in each.absolute_path])
    for position, error in enumerate(errors):
        if position and error.validator == "pattern" and error.absolute_path == errors[position - 1].absolute_path:
            continue
        place = tuple(str(part) for part in error.absolute_path)
        where = _where(path, place, lines)
        if error.validator == "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            problems += [
                Problem(
                    f"the field '{' > '.join((*place, name))}' is missing",
                    where,
                    "no such field",
                    "the field with a value",
                    f"add '{name}:' to the card",
                )
                for name in missing
                if f"'{name}' is a required property" == error.message
            ]
        elif error.validator == "additionalProperties":
            known = error.schema.get("properties", {})
            for name in sorted(set(error.instance) - set(known)):
                problems.append(
                    Problem(
                        f"the field '{name}' is not known",
                        _where(path, (*place, name), lines),
                        f"'{name}'{nearest(name, known)}",
                        f"one of {', '.join(known)}",
                        "correct or remove the field",
                    )
                )
        else:
            problems.append(
                Problem(
                    "the field has a wrong value",
                    where,
                    f"'{error.instance}'",
                    _expected_by(error),
                    f"correct '{' > '.join(place)}'",
                )
            )
    return problems


def _expected_by(error: Any) -> str:
    """What the schema wanted, in words."""
    rule = error.validator_value
    if error.validator == "enum":
        return f"one of {', '.join(map(str, rule))}"
    if error.validator == "pattern":
        return str(error.schema.get("description", f"text of the form {rule}"))
    if error.validator == "type":
        return f"a value of type {rule}"
    if error.validator == "format":
        return f"a real {rule}"
    return str(error.message)


def _where(path: Path, place: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> str:
    known = place
    while known and known not in lines:
        known = known[:-1]
    line = f", line {lines[known]}" if known else ""
    return f"{path}{line}" + (f", field {' > '.join(place)}" if place else "")


def _layout_problems(path: Path, content: dict[str, Any], lines: dict[tuple[str, ...], int]) -> list[Problem]:
    """Breaches that need the layout: unknown table, our columns, keys, coded columns."""
    kind, table = content["kind"], content["table"]
    if (kind, table) not in LAYOUTS:
        tables = [known for each_kind, known in LAYOUTS if each_kind == kind]
        return [
            Problem(
                f"the kind '{kind}' has no table '{table}'",
                _where(path, ("table",), lines),
                f"'{table}'{nearest(table, tables)}",
                f"one of {', '.join(tables)}",
                "correct 'table'",
            )
        ]
    layout = layout_of(kind, table)
    fewest, most = (int(content["expected_rows"][end]) for end in ("min", "max"))
    if fewest > most:
        return [
            Problem(
                "the bounds of the number of rows are turned round",
                _where(path, ("expected_rows",), lines),
                f"min {fewest}, max {most}",
                "min no larger than max",
                "correct 'expected_rows'",
            )
        ]
    constants = content.get("constants", {})
    mapped = [ours for ours in content["columns"].values() if ours is not None]
    problems = [
        _unknown_column(path, ("columns", printed), ours, layout, lines)
        for printed, ours in content["columns"].items()
        if ours is not None and ours not in layout.columns
    ]
    problems += [
        _unknown_column(path, ("constants", ours), ours, layout, lines)
        for ours in constants
        if ours not in layout.columns
    ]
    for ours in sorted({ours for ours in mapped if mapped.count(ours) > 1} | (set(mapped) & set(constants))):
        problems.append(
            Problem(
                f"our column '{ours}' is filled twice",
                _where(path, ("columns",), lines),
                "two printed columns, or a printed column and a constant, for one of ours",
                "one printed column for each of ours",
                "map the other to ~ (kept as printed, mapped to nothing) or to another column",
            )
        )
    for ours in layout.required:
        if ours not in mapped and ours not in constants:
            problems.append(
                Problem(
                    f"our column '{ours}' is not filled",
                    _where(path, ("columns",), lines),
                    "no printed column mapped to it and no constant",
                    f"'{ours}', which every {kind} / {table} needs",
                    f"map a printed column to '{ours}' or give it under 'constants'",
                )
            )
    for field, names in (
        ("key", content.get("key", layout.key)),
        ("blanks_accepted", content.get("blanks_accepted", [])),
    ):
        problems += [
            _unknown_column(path, (field, str(position)), ours, layout, lines)
            for position, ours in enumerate(names)
            if ours not in layout.columns
        ]
    for ours in content.get("labels", {}):
        if ours not in layout.coded:
            problems.append(
                Problem(
                    f"labels are given for '{ours}', which is not a coded column",
                    _where(path, ("labels", ours), lines),
                    f"'{ours}'{nearest(ours, layout.coded)}",
                    f"one of {', '.join(layout.coded) or 'none: this table has no coded column'}",
                    "correct or remove the entry",
                )
            )
    return problems


def _unknown_column(
    path: Path, place: tuple[str, ...], ours: str, layout: Layout, lines: dict[tuple[str, ...], int]
) -> Problem:
    return Problem(
        f"'{ours}' is not one of our columns",
        _where(path, place, lines),
        f"'{ours}'{nearest(ours, layout.columns)}",
        f"one of {', '.join(layout.columns)}",
        "correct the name on the right, or write ~ to keep the column as printed only",
    )
