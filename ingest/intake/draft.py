"""A card drafted from a file that nobody has described yet, for an officer to complete.

Belongs here: which field is filled and which is left open, and the draft's text. Does not belong here: guessing
(``draft_guesses``), making the folder (``orchestration.add_command``).

An open field holds ``?``, which no rule of a card accepts; the comment above it says what to write.
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
from ingest.values.dates import DateReading

OPEN = "?"
UNKNOWN_PUBLISHER = {"name": OPEN, "country": OPEN, "official": OPEN}
FIELDS_FILE = Path(__file__).with_name("card_fields.csv")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
_WORDS_OF_YAML = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


# A comment in English and Japanese.
Comment = tuple[str, str]
Comments = dict[tuple[str, ...], list[Comment]]


@dataclass(frozen=True)
class Draft:
    """A drafted card: ``content`` as far as known, and comments by field, or by field and entry of it.

    ``asked``: what to write into open fields, where it is not what ``card_fields.csv`` says.
    """

    content: Mapping[str, Any]
    comments: Comments = field(default_factory=dict)
    asked: Mapping[str, Comment] = field(default_factory=dict)

    @property
    def open_fields(self) -> list[str]:
        """Fields in which something is still to be filled in."""
        return [name for name, value in self.content.items() if _is_open(value)]

    @property
    def folder_name(self) -> str:
        """The folder for it: family and edition."""
        family, edition = (str(self.content[name]).replace(OPEN, "new") for name in ("family", "edition"))
        return f"{family}_{edition}"

    def text(self, *, in_japanese: bool = False) -> str:
        """The draft as YAML with its comments."""
        language = int(in_japanese)
        lines = [*(f"# {line[language]}" for line in INTRODUCTION), ""]
        for name, value in self.content.items():
            if _is_open(value):
                lines.append(f"# {OPEN} {(self.asked.get(name) or card_fields()[name])[language]}")
            lines += [f"# {line[language]}" for line in self.comments.get((name,), ())]
            lines += self._field(name, value, language)
        return "\n".join(lines) + "\n"

    def _field(self, name: str, value: Any, language: int) -> list[str]:
        if not isinstance(value, dict) or name in {"publisher", "licence", "expected_rows"}:
            return [f"{scalar(name)}: {_flow(value)}"]
        lines = [f"{scalar(name)}:"]
        for key, each in value.items():
            lines += [f"  # {line[language]}" for line in self.comments.get((name, key), ())]
            if isinstance(each, dict):
                lines += [f"  {scalar(key)}:", *(f"    {scalar(part)}: {_flow(text)}" for part, text in each.items())]
            else:
                lines.append(f"  {scalar(key)}: {_flow(each)}")
        return lines


INTRODUCTION: tuple[Comment, ...] = (
    (
        f"A draft. Fill in every '{OPEN}', check the rest, then rename this file to source.yml: only then is it read.",
        f"下書きです。「{OPEN}」の項目を記入し、他の項目も確認してから、source.yml に名前を変えると取り込まれます。",
    ),
    ("Comments may be deleted.", "コメントは削除してかまいません。"),
)


@cache
def card_fields() -> Mapping[str, Comment]:
    """What to write into each field, with an example."""
    with FIELDS_FILE.open(encoding="utf-8", newline="") as stream:
        return {
            row["field"]: (
                f"{row['help_en']}; for example {row['example']}",
                f"{row['help_ja']}。例：{row['example']}",
            )
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
        "publisher": said.get("publisher", dict(UNKNOWN_PUBLISHER)),
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
    comments: Comments = {}
    rows = "-".join(map(str, sorted({facts.header_rows[0], facts.header_rows[-1]})))
    comments[("columns",)] = [(f"header found in row {rows}", f"見出しは{rows}行にあります")]
    _add_columns(content, comments, seen, columns, layout, personal)
    _add_labels(content, comments, seen, layout, model)
    content["expected_rows"] = {"min": str(seen.n_entries), "max": str(seen.n_entries)}
    _comment_on_guesses(comments, seen, dates, model, file_name)
    return Draft(content, comments)


def draft_without_table(file_name: str, sha256: str, remedies: Mapping[str, Comment], today: str) -> Draft:
    """The draft for a file whose table was not recognised: ``remedies`` are fields to declare, each with why."""
    stem = Path(file_name).stem
    content: dict[str, Any] = {
        "id": OPEN, "kind": OPEN, "table": OPEN,
        "family": guesses.guess_family(stem, ""), "edition": guesses.guess_edition(stem, (), ()) or OPEN,
        "title": OPEN, "publisher": dict(UNKNOWN_PUBLISHER), "page_address": OPEN,
        "file": file_name, **dict.fromkeys(remedies, OPEN), "sha256": sha256,
        "published": "unknown", "accessed": today, "reference_date": OPEN, "language": [OPEN],
        "licence": {"name": OPEN}, "obtained": OPEN, "reviewed_by": OPEN, "reviewed_on": OPEN, "scope_rule": OPEN,
        "status": "provisional", "synthetic": False,
        "columns": {OPEN: OPEN}, "expected_rows": {"min": OPEN, "max": OPEN},
    }  # fmt: skip
    return Draft(content, {(name,): [why] for name, why in remedies.items()})


def _add_columns(
    content: dict[str, Any],
    comments: Comments,
    seen: guesses.Seen,
    columns: dict[str, str | None],
    layout: Layout,
    personal: Sequence[str],
) -> None:
    """Key, columns and personal columns."""
    table = str(content["table"])
    places = {ours: name for name, ours in columns.items() if ours}
    key, is_unique = guesses.guess_key(seen, places, layout)
    if key:
        content["key"] = key
        comments[("key",)] = [KEY_UNIQUE if is_unique else KEY_REPEATS]
    content["columns"] = dict(columns)
    for number, ours in enumerate((ours for ours in layout.required if ours not in places), start=1):
        told = (f"{OPEN} {table} needs a column for {ours}", f"{OPEN} {table} には {ours} の列が必要です")
        comments[("columns", OPEN * number)] = [told]
        content["columns"][OPEN * number] = ours
    for name in seen.header:
        near = guesses.proposals(name, table, layout, places) if columns[name] is None and name not in personal else []
        if near:
            comments[("columns", name)] = [(f"perhaps {' or '.join(near)}", f"候補：{'、'.join(near)}")]
    if personal:
        content["personal"] = list(personal)


def _add_labels(
    content: dict[str, Any], comments: Comments, seen: guesses.Seen, layout: Layout, model: SourceCard | None
) -> None:
    """Labels of coded columns: with the model's codes, the others listed; and the model's constants."""
    said = model.content if model else {}
    places = {ours: name for name, ours in content["columns"].items() if ours}
    labels: dict[str, dict[str, str]] = {}
    for ours in layout.coded:
        known = said.get("labels", {}).get(ours, {})
        constant = [said["constants"][ours]] if ours in said.get("constants", {}) else []
        texts = guesses.labels_in(seen, places[ours]) if places.get(ours) in seen.columns else constant
        if coded := {text: known[text] for text in texts if text in known}:
            labels[ours] = coded
        if new := ", ".join(text for text in texts if text not in known):
            told = (f"labels of {ours} without a code: {new}", f"{ours} のコードのないラベル：{new}")
            comments.setdefault(("expected_rows",), []).append(told)
    if labels:
        content["labels"] = labels
    if free := {ours: text for ours, text in said.get("constants", {}).items() if ours not in places}:
        content["constants"] = free


KEY_UNIQUE = ("different in every row", "すべての行で異なります")
KEY_REPEATS = ("NOT different in every row: look at the rows that repeat", "重複する行があります。確認してください")


def _comment_on_guesses(
    comments: Comments,
    seen: guesses.Seen,
    dates: Sequence[tuple[int, DateReading]],
    model: SourceCard | None,
    file_name: str,
) -> None:
    if model:
        comments[("family",)] = [(f"as in {model.source_id}", f"{model.source_id} と同じ系列")]
    if dates:
        found = "; ".join(f"{reading.raw} = {reading.canonical} (row {row})" for row, reading in dates[:5])
        comments[("reference_date",)] = [(found, found.replace("(row ", "(行 "))]
    more = comments.setdefault(("expected_rows",), [])
    for name, signs in guesses.nothing_in(seen).items():
        shown = ", ".join(f"{sign} x {n}" for sign, n in signs.items())
        more.append((f"signs for nothing in {name}: {shown}", f"{name} の「値なし」の記号：{shown}"))
    if pattern := guesses.guess_pattern(file_name):
        told = f"file_pattern: {scalar(pattern)}"
        more.append((f"to take further editions by their name: {told}", f"次の版をファイル名で取り込む場合：{told}"))


def _is_open(value: Any) -> bool:
    """Whether something is left to fill in; several open names in one field are ``?``, ``??`` and so on."""
    return any(str(leaf) and not str(leaf).strip(OPEN) for leaf in _leaves(value))


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
