"""A card drafted from a file that nobody has described yet, for an officer to complete.

Belongs here: which field is filled and which is left open, and the draft's text. Does not belong here: guessing
(``draft_guesses``), making the folder (``orchestration.add_command``).

An open field holds ``?``, which no rule of the card accepts, with a comment above it that says what to write.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ingest.intake import draft_guesses as guesses
from ingest.layout import Layout, layout_of
from ingest.personal import personal_kind
from ingest.source_card import SourceCard
from ingest.tables.printed import Printed

DRAFT_NAME = "source.draft.yml"
OPEN = "?"
FIELDS_FILE = Path(__file__).with_name("card_fields.csv")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
_WORDS_OF_YAML = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


@dataclass(frozen=True)
class Draft:
    """A drafted card: ``content`` as far as known, comments by field, and fields left open.

    ``comments`` keys are a field, or a field and an entry of it (``("columns", "Remarks")``).
    """

    content: Mapping[str, Any]
    comments: Mapping[tuple[str, ...], Sequence[str]] = field(default_factory=dict)
    notes: Sequence[str] = ()

    @property
    def open_fields(self) -> list[str]:
        """Fields in which something is still to be filled in."""
        return [name for name, value in self.content.items() if OPEN in _leaves(value)]

    @property
    def folder_name(self) -> str:
        """The folder for it: family and edition."""
        family, edition = (str(self.content[name]).replace(OPEN, "new") for name in ("family", "edition"))
        return f"{family}_{edition}"

    def text(self, *, in_japanese: bool = False) -> str:
        """The draft as YAML with its comments."""
        language = "ja" if in_japanese else "en"
        lines = [*(f"# {line}" for line in _introduction(language)), ""]
        for name, value in self.content.items():
            if OPEN in _leaves(value):
                help_text, example = card_fields()[name][language], card_fields()[name]["example"]
                lines.append(f"# {OPEN} {help_text}{'。例：' if in_japanese else '; for example '}{example}")
            lines += [f"# {line}" for line in self.comments.get((name,), ())]
            lines += self._field(name, value)
        return "\n".join(lines) + "\n"

    def _field(self, name: str, value: Any) -> list[str]:
        if not isinstance(value, dict) or name in {"publisher", "licence", "expected_rows"}:
            return [f"{scalar(name)}: {_flow(value)}"]
        lines = [f"{scalar(name)}:"]
        for key, each in value.items():
            lines += [f"  # {line}" for line in self.comments.get((name, key), ())]
            if isinstance(each, dict):
                lines += [f"  {scalar(key)}:", *(f"    {scalar(part)}: {_flow(text)}" for part, text in each.items())]
            else:
                lines.append(f"  {scalar(key)}: {_flow(each)}")
        return lines


@cache
def card_fields() -> Mapping[str, Mapping[str, str]]:
    """What to write into each field, in both languages, with an example."""
    with FIELDS_FILE.open(encoding="utf-8", newline="") as stream:
        return {
            row["field"]: {"en": row["help_en"], "ja": row["help_ja"], "example": row["example"]}
            for row in csv.DictReader(stream)
        }


def draft_of(file_name: str, sha256: str, printed: Printed, cards: Sequence[SourceCard], today: str) -> Draft:
    """The draft for a file that was read; ``cards`` are the known ones, of which the most alike is the model."""
    facts = printed.facts
    seen = guesses.seen_in(printed)
    model = guesses.model_card(facts.header, cards)
    kind, table = (model.kind, model.table) if model else (guesses.guess_table(facts.header) or (OPEN, OPEN))
    layout = layout_of(kind, table) if kind != OPEN else Layout((), (), ())
    personal = [name for name in facts.header if personal_kind(name)]
    known = model.column_map if model else {}
    columns = guesses.assign_columns(facts.header, layout, table, known, personal)
    dates = guesses.dates_in(facts.notes)
    stem = Path(file_name).stem
    edition = guesses.guess_edition(stem, facts.notes, dates) or OPEN
    family = model.family if model else guesses.guess_family(stem, "" if table == OPEN else table)
    said = model.content if model else {}
    exact = next((reading for _, reading in dates if reading.precision == "day"), None)
    title = next((note.text for note in facts.notes if note.kind == "title"), OPEN)
    content: dict[str, Any] = {
        "id": OPEN if edition == OPEN else f"{family}-{edition}",
        "kind": kind, "table": table, "family": family, "edition": edition, "title": title,
        "publisher": said.get("publisher", {"name": OPEN, "country": OPEN, "official": OPEN}),
        "page_address": said.get("page_address", OPEN),
        "file": file_name,
        **({"sheet": facts.sheet} if facts.sheet else {}),
        **({"encoding": facts.encoding} if facts.encoding not in {"", "utf-8", "utf-8-sig"} else {}),
        "sha256": sha256, "published": "unknown", "accessed": today,
        "reference_date": exact.date_from.isoformat() if exact else OPEN,
        "language": guesses.languages(seen),
        "licence": {"name": OPEN}, "obtained": OPEN, "reviewed_by": OPEN, "reviewed_on": OPEN,
        "scope_rule": said.get("scope_rule", OPEN), "status": "provisional", "synthetic": False,
    }  # fmt: skip
    comments: dict[tuple[str, ...], list[str]] = {}
    if facts.header_rows != (1,):
        content["header_row"] = str(facts.header_rows[0])
        content["header_levels"] = str(len(facts.header_rows))
    _add_columns(content, comments, seen, columns, layout, personal, model)
    content["expected_rows"] = {"min": str(seen.n_entries), "max": str(seen.n_entries)}
    _comment_on_guesses(comments, seen, content, dates, model)
    return Draft(content, comments)


def draft_without_table(file_name: str, sha256: str, remedies: Mapping[str, str], today: str) -> Draft:
    """The draft for a file whose table was not recognised: ``remedies`` are fields to declare, each with why."""
    names = (
        *("id", "kind", "table", "family", "edition", "title", "page_address", "reference_date", "licence"),
        *("obtained", "reviewed_by", "reviewed_on", "scope_rule"),
    )
    content: dict[str, Any] = dict.fromkeys(names, OPEN)
    content |= {
        "family": guesses.guess_family(Path(file_name).stem, ""),
        "edition": guesses.guess_edition(Path(file_name).stem, (), ()) or OPEN,
        "publisher": {"name": OPEN, "country": OPEN, "official": OPEN},
        "licence": {"name": OPEN}, "language": [OPEN], "file": file_name, "sha256": sha256,
        "published": "unknown", "accessed": today, "status": "provisional", "synthetic": False,
        **dict.fromkeys(remedies, OPEN),
        "columns": {OPEN: OPEN}, "expected_rows": {"min": "1", "max": "9999999"},
    }  # fmt: skip
    return Draft(content, {(name,): [why] for name, why in remedies.items()})


def _add_columns(
    content: dict[str, Any],
    comments: dict[tuple[str, ...], list[str]],
    seen: guesses.Seen,
    columns: dict[str, str | None],
    layout: Layout,
    personal: Sequence[str],
    model: SourceCard | None,
) -> None:
    """Key, columns, personal columns and labels."""
    table = str(content["table"])
    places = {ours: name for name, ours in columns.items() if ours}
    key, is_unique = guesses.guess_key(seen, places, layout)
    if key:
        content["key"] = key
        told = f"{' + '.join(key)}: {'unique in all rows' if is_unique else 'NOT unique, some rows repeat'}"
        comments[("key",)] = [told]
    content["columns"] = dict(columns)
    for ours in layout.required:
        if ours not in places:
            comments.setdefault(("columns",), []).append(f"{OPEN} {ours}: every {table} needs it")
    for name in seen.header:
        near = guesses.proposals(name, table, layout, places) if columns[name] is None and name not in personal else []
        if near:
            comments[("columns", name)] = [f"{OPEN} {' / '.join(near)}"]
    if personal:
        content["personal"] = list(personal)
    known = model.content.get("labels", {}) if model else {}
    labels: dict[str, dict[str, str]] = {}
    for ours in layout.coded:
        texts = guesses.labels_in(seen, places[ours]) if ours in places else []
        coded = {text: known.get(ours, {})[text] for text in texts if text in known.get(ours, {})}
        new = [text for text in texts if text not in coded]
        if coded:
            labels[ours] = coded
        if new:
            told = f"{ours}, {len(new)} label(s) without a code: {', '.join(new)}"
            comments.setdefault(("expected_rows",), []).append(told)
    if labels:
        content["labels"] = labels
    constants: Mapping[str, str] = model.content.get("constants", {}) if model else {}
    if free := {ours: text for ours, text in constants.items() if ours not in places}:
        content["constants"] = free


def _comment_on_guesses(
    comments: dict[tuple[str, ...], list[str]],
    seen: guesses.Seen,
    content: Mapping[str, Any],
    dates: Sequence[tuple[int, Any]],
    model: SourceCard | None,
) -> None:
    if model:
        comments[("family",)] = [f"model: {model.source_id}"]
    if dates:
        told = "; ".join(f"{reading.raw} = {reading.canonical} (row {row})" for row, reading in dates[:5])
        comments[("reference_date",)] = [told]
    signs = [
        f"{name}: {', '.join(f'{sign} x {n}' for sign, n in each.items())}"
        for name, each in guesses.nothing_in(seen).items()
    ]
    if signs:
        comments.setdefault(("expected_rows",), []).extend(signs)


def _introduction(language: str) -> list[str]:
    if language == "ja":
        return [
            f"下書きです。「{OPEN}」の項目を記入し、ファイル名を source.yml に変えると取り込まれます。",
            "値を確認し、不要なコメントは削除してください。",
        ]
    return [
        f"A draft. Fill in every '{OPEN}', check the rest, then rename this file to source.yml: only then is it read.",
        "Comments may be deleted.",
    ]


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in (key, *_leaves(each))]
    return [leaf for each in value for leaf in _leaves(each)] if isinstance(value, list) else [value]


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return "~" if value is None else str(value).lower() if isinstance(value, bool) else scalar(str(value))


def scalar(text: str) -> str:
    """A text as YAML takes it: as it is where that is safe, in quotation marks otherwise."""
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if is_plain else json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f").replace("\u0085", "\\N")
