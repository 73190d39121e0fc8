"""A survey wave whose answers are withheld, as somebody would drop it: a plain table, its codebook and its card.

Forty-four invented organisations of a population of fifty; three are in the west, which is too few to be shown.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import openpyxl
import yaml

SURVEY, WAVE = "mihon_panel", "2021"
EDITION = f"{SURVEY}/{WAVE}"
TABLE = f"{SURVEY}_{WAVE}"
REGIONS = {"n": 16, "s": 15, "e": 10, "w": 3}
# In every answer to the last question, and nowhere else.
SECRET = "mihonzaka"
CODEBOOK = {
    "survey": [
        ["type", "name", "label::English (en)", "label::Japanese (ja)", "personal"],
        ["select_one region", "region", "Where are you?", "所在地", ""],
        ["select_one yes_no", "abroad", "Do you work abroad?", "海外で活動していますか", ""],
        ["select_multiple field", "fields", "In which fields?", "分野", ""],
        ["select_one point", "trust", "Trust is important.", "信頼は重要である", ""],
        ["integer", "staff", "How many people work there?", "従業員数", ""],
        ["text", "remark", "Anything else?", "その他", "no"],
    ],
    "choices": [
        ["list_name", "name", "label::English (en)", "label::Japanese (ja)", "state"],
        ["region", "n", "North", "北", ""],
        ["region", "s", "South", "南", ""],
        ["region", "e", "East", "東", ""],
        ["region", "w", "West", "西", ""],
        ["yes_no", "1", "Yes", "はい", ""],
        ["yes_no", "2", "No", "いいえ", ""],
        ["yes_no", "9", "Don't know", "わからない", "dont_know"],
        ["field", "life", "Life sciences", "ライフサイエンス", ""],
        ["field", "ict", "ICT", "情報通信", ""],
        ["field", "food", "Food", "食品", ""],
        *(["point", str(number), f"Point {number}", f"{number}点", ""] for number in range(1, 6)),
    ],
}


def drop_withheld_wave(folder: Path) -> None:
    """Write export, codebook and card into a new folder."""
    folder.mkdir(parents=True)
    export, codebook = folder / f"{TABLE}.csv", folder / "codebook.xlsx"
    with export.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["region", "abroad", "fields/life", "fields/ict", "fields/food", "trust", "staff", "remark"])
        writer.writerows(answers())
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in CODEBOOK.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(codebook)
    content = {
        "id": f"{SURVEY}-{WAVE}", "kind": "survey", "table": "response", "family": SURVEY, "edition": WAVE,
        "title": "Panel of invented clusters", "page_address": "https://mihon.example.org/panel", "file": export.name,
        "publisher": {"name": "Institute for Invented Clusters", "country": "JP", "official": False},
        "sha256": sha256(export), "published": WAVE, "accessed": "2026-11-01", "reference_date": f"{WAVE}-03-31",
        "language": ["en", "ja"], "licence": {"name": "CC0-1.0"}, "obtained": "generated",
        "reviewed_by": "registry editor", "reviewed_on": "2026-11-20", "scope_rule": "Whoever was invited",
        "status": "final", "synthetic": True, "expected_rows": {"min": "44", "max": "44"},
        "survey": {
            "tool": "plain table",
            "codebook": {"file": codebook.name, "sha256": sha256(codebook)}, "link": "closed",
            "duplicates": {"by": "none"}, "domains": ["region"], "scales": ["trust"],
            "design": {"unit": "organisation", "population": "invented clusters", "population_size": "50"},
        },
    }  # fmt: skip
    (folder / "source.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def answers() -> list[list[object]]:
    """Forty-four rows; every number follows from the number of the row."""
    regions = [code for code, n in REGIONS.items() for _ in range(n)]
    rows: list[list[object]] = []
    for number, region in enumerate(regions):
        abroad = 9 if number % 11 == 0 else 1 + number % 2
        ticks = [int(number % 2 == 0), int(number % 3 == 0), int(number % 7 == 0)]
        ticks = ticks if any(ticks) else [1, 0, 0]
        remark = f"{SECRET} {'abcdefghijk'[number % 11]}" if number % 4 else ""
        rows.append([region, abroad, *ticks, 1 + number % 5, 3 + number * 7 % 40, remark])
    return rows


def sha256(path: Path) -> str:
    """The hash that the card names."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
