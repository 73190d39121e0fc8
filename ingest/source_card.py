"""Read and check a source card (``source.yml``).

Belongs here: the YAML of a card, the line of each of its fields, and its shape in Python. Does not belong here: what it
must say (``card_check``), the file it speaks of (``tables``) and how its rows land (``landing``).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ingest.card_check import card_problems
from ingest.layout import WAVE, Layout, layout_of
from ingest.message import problem
from ingest.problem import Place, SourceError

# Replicate weights of a design: survey > design > replicate_weights > columns > 0.
DEEPEST_FIELD = 5
# Bytes; the longest real card has some thousand.
LONGEST_CARD = 1_000_000
# Who reviewed an edition that was dropped without a card.
NOT_REVIEWED = "not reviewed"


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
    def is_reviewed(self) -> bool:
        """Whether somebody has looked at the edition; not one whose card was derived from its family."""
        return bool(self.content["reviewed_by"] != NOT_REVIEWED)

    @property
    def file(self) -> Path:
        """The data file beside the card."""
        return self.path.parent / str(self.content["file"])

    @property
    def files(self) -> tuple[Path, ...]:
        """The data file and, of a survey wave, the codebook that the card names."""
        codebook = self.content.get("survey", {}).get("codebook")
        return (self.file, self.path.parent / str(codebook["file"])) if codebook else (self.file,)

    @property
    def layout(self) -> Layout:
        """Our columns for this kind and table."""
        return layout_of(self.kind, self.table)

    @property
    def column_map(self) -> dict[str, str | None]:
        """Printed header to our column; None = kept as printed, mapped to nothing. Empty for an export of answers."""
        return dict(self.content.get("columns", {}))

    @property
    def is_wave(self) -> bool:
        """Whether the file is a survey tool's export of answers, whose columns its codebook names and no layout."""
        return (self.kind, self.table) == WAVE

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
    problems = card_problems(path, content, lines)
    if problems:
        raise SourceError(problems)
    return SourceCard(path, content)


def _parse(path: Path) -> tuple[dict[str, Any], dict[tuple[str, ...], int]]:
    """The card's content and the line on which each field stands."""
    lines: dict[tuple[str, ...], int] = {}
    try:
        size = path.stat().st_size
        if size > LONGEST_CARD:
            raise _broken("card_too_large", path, 1, size=size, limit=LONGEST_CARD)
        loader = _TextLoader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        if node is not None:
            _note_lines(node, (), lines, path, set())
        content = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _broken("card_unreadable", path, line, found=error.problem or type(error).__name__) from error
    except UnicodeDecodeError as error:
        raise _broken("card_not_utf8", path, 1, byte=error.start + 1) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        found = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise _broken("card_unreadable", path, 1, found=found) from error
    if not isinstance(content, dict):
        raise _broken("card_empty", path, 1)
    return content, lines


def _broken(code: str, path: Path, line: int, **values: object) -> SourceError:
    return SourceError([problem(code, Place(str(path), line=line), **values)])


def _note_lines(
    node: yaml.Node, place: tuple[str, ...], lines: dict[tuple[str, ...], int], path: Path, seen: set[int]
) -> None:
    """Keep each field's line; refuse what a card never needs: repeated or odd names, deep nesting, references."""
    line = node.start_mark.line + 1
    if len(place) > DEEPEST_FIELD:
        raise _broken("card_too_deep", path, line)
    if id(node) in seen:
        raise _broken("card_reference", path, line)
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _broken("card_name_no_text", path, line)
            # A label may read 'true' or '~'; as a name it is text.
            key.tag = "tag:yaml.org,2002:str"
            field = (*place, str(key.value))
            if field in lines:
                raise _broken("card_field_twice", path, key.start_mark.line + 1, field=" > ".join(field))
            lines[field] = key.start_mark.line + 1
            _note_lines(value, field, lines, path, seen)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            lines[(*place, str(position))] = value.start_mark.line + 1
            _note_lines(value, (*place, str(position)), lines, path, seen)
