"""The small made-up survey that the fixtures of several tools export, as an XLSForm with some of its questions."""

from __future__ import annotations

from pathlib import Path

SURVEY = (
    ("type", "name", "label::English (en)", "label::日本語 (ja)", "relevant", "aliases"),
    ("text", "org", "Organisation", "組織名", "", ""),
    ("select_one yes_no", "cluster", "Are you a cluster?", "クラスターですか", "", ""),
    ("select_multiple field", "fields", "Which fields?", "分野", "", "Fields?|分野(複数回答)"),
    ("text", "fields_other", "Which other fields?", "その他の分野", "selected(${fields}, 'other')", ""),
    ("begin_group", "visible", "How visible?", "認知度", "", ""),
    ("select_one scale", "visible_1", "Website", "ウェブサイト", "", ""),
    ("select_one scale", "visible_2", "Fairs", "見本市", "", ""),
    ("end_group", "", "", "", "", ""),
    ("rank prio", "prio", "Rank these", "順位", "", ""),
    ("text", "prefecture", "Your prefecture", "都道府県", "", ""),
    ("text", "remark", "Anything else?", "その他の意見", "", "Remarks [optional]"),
    ("begin_repeat", "members", "Members", "会員", "", ""),
    ("text", "member", "Member", "会員名", "", ""),
    ("select_one role", "role", "Role", "役割", "", ""),
    ("end_repeat", "", "", "", "", ""),
)
CHOICES = (
    ("list_name", "name", "label::English (en)", "label::日本語 (ja)", "is_other"),
    ("yes_no", "1", "Yes", "はい", ""), ("yes_no", "2", "No", "いいえ", ""), ("yes_no", "3", "In part", "一部", ""),
    ("field", "life", "Life sciences", "和紙; 織物", ""), ("field", "ict", "ICT, software", "情報", ""),
    ("field", "other", "Other", "その他", "yes"),
    ("scale", "1", "Not", "全くない", ""), ("scale", "2", "Hardly", "あまりない", ""),
    ("scale", "4", "Rather", "ややある", ""),
    ("scale", "5", "Very", "とてもある", ""),
    ("prio", "trade", "Trade", "貿易", ""), ("prio", "research", "Research", "研究", ""),
    ("prio", "training", "Training", "研修", ""),
    ("role", "lead", "Lead", "幹事", ""), ("role", "partner", "Partner", "会員", ""),
)  # fmt: skip


def write_codebook(path: Path, questions: set[str]) -> Path:
    """An XLSForm with these questions, and the groups that any of them stand in."""
    import openpyxl

    kept: list[tuple[str, ...]] = []
    for row in SURVEY:
        kind, name = row[:2]
        if kind == "type" or kind.startswith("begin_") or name in questions:
            kept.append(row)
        elif kind.startswith("end_"):
            # A group without a question is no group.
            kept = kept[:-1] if kept[-1][0].startswith("begin_") else [*kept, row]
    book = openpyxl.Workbook()
    sheets = {"survey": kept, "choices": CHOICES}
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([cell or None for cell in row])
    book.save(path)
    return path
