"""The page that shows how an edition differs from the last one: Markdown, English and then Japanese.

Belongs here: the wording and the tables. Does not belong here: the comparison (``drift``). Texts of foreign files are
shown with their signs of Markdown and HTML made harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.intake.drift import Drift, percent
from ingest.message import harmless

LANGUAGES = ("en", "ja")
WORDS = {
    "title": ("What differs from {previous}", "{previous}との違い"),
    "none": ("Nothing differs.", "違いはありません。"),
    "figures": (("", "before", "after"), ("", "前", "後")),
    "rows": ("rows", "行数"),
    "columns": ("Columns", "列"),
    "column_head": (("column", "what", "evidence"), ("列", "変化", "根拠")),
    "added": ("new", "新しい列"),
    "gone": ("gone", "なくなった列"),
    "renamed": ("new name of '{old}'?", "「{old}」の新しい名前?"),
    "filled": ("{n} cells filled", "入力済み{n}セル"),
    "alike": ("names {likeness} alike, {share} of the values common", "列名の類似{likeness}、共通の値{share}"),
    "labels": ("New labels", "新しいラベル"),
    "label_head": (("column", "labels"), ("列", "ラベル")),
    "blanks": ("Empty cells", "空欄の割合"),
    "blank_head": (("column", "before", "after"), ("列", "前", "後")),
    "keys": ("Rows by key", "キーによる行の比較"),
    "counts": (
        "{n_shared} in both, {n_added} new, {n_gone} gone, {n_changed} with another text.",
        "共通{n_shared}行、新規{n_added}行、消滅{n_gone}行、内容が変わった行{n_changed}行。",
    ),
    "no_keys": ("Rows were not compared by key.", "キーによる行の比較は行っていません。"),
    "row_head": (("row", "what", "before", "after"), ("行", "変化", "前", "後")),
    "row_added": ("new", "新規"),
    "row_gone": ("gone", "消滅"),
}


def drift_page(drift: Drift) -> str:
    """The page, ending with a line end."""
    return "\n".join(line for language in range(len(LANGUAGES)) for line in _page(drift, language)).rstrip() + "\n"


def _page(drift: Drift, language: int) -> Iterable[str]:
    def say(name: str, **values: object) -> str:
        shown = {key: _shown(str(value)) for key, value in values.items()}
        return str(WORDS[name][language]).format_map(shown)

    def head(name: str) -> Sequence[str]:
        return tuple(WORDS[name][language])

    yield from (f"## {say('title', previous=drift.previous)}", "")
    if drift.is_none:
        yield from (say("none"), "")
        return
    yield from _table(head("figures"), [(say("rows"), str(drift.n_before), str(drift.n_after))])
    columns = []
    for each in drift.renamed:
        alike = say("alike", likeness=percent(each.likeness), share=percent(each.share))
        columns.append((_shown(each.new), say("renamed", old=each.old), alike))
    columns += [(_shown(name), say("added"), say("filled", n=n_filled)) for name, n_filled in drift.added.items()]
    columns += [(_shown(name), say("gone"), "") for name in drift.gone]
    if columns:
        yield from (f"### {say('columns')}", "", *_table(head("column_head"), columns))
    if drift.labels_new:
        rows = [(_shown(name), ", ".join(map(_shown, new))) for name, new in drift.labels_new.items()]
        yield from (f"### {say('labels')}", "", *_table(head("label_head"), rows))
    blanks = [
        (_shown(name), percent(before), percent(after))
        for name, (before, after) in drift.blanks.items()
        if percent(before) != percent(after)
    ]
    if blanks:
        yield from (f"### {say('blanks')}", "", *_table(head("blank_head"), blanks))
    yield from (f"### {say('keys')}", "")
    if drift.n_shared < 0:
        yield from (say("no_keys"), "")
        return
    counted = {name: getattr(drift, name) for name in ("n_shared", "n_added", "n_gone", "n_changed")}
    yield from (say("counts", **counted), "")
    entries: list[Sequence[str]] = [(_shown(key), say("row_added"), "", "") for key in drift.added_keys]
    entries += [(_shown(key), say("row_gone"), "", "") for key in drift.gone_keys]
    entries += [tuple(map(_shown, (each.key, each.column, each.before, each.after))) for each in drift.changes]
    if entries:
        yield from _table(head("row_head"), entries)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cells)} |"
    yield ""


def _shown(text: str) -> str:
    """A foreign text as plain text of Markdown."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~$-])", r"\\\1", harmless(text)).replace("&", "&amp;").replace("<", "&lt;")
