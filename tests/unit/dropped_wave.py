"""A survey wave with identities, as somebody would drop it: a made-up Qualtrics export and its card."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import yaml

from ingest.source_card import SourceCard, read_card

# Put together here, so that no file of the project holds anything that looks like somebody's number.
NUMBER = "-".join(("078", "222", "3333"))
DEVICE = ".".join(("192", "0", "2", "77"))
# Texts of identities, each of which may stand in the restricted store only.
MAIL, OTHER_MAIL, NAME, REFERENCE = "hanako@mihon.example.org", "taro@sample.example.org", "Mihonyama", "ext-mihon-9"
SECRETS = (MAIL, OTHER_MAIL, NAME, REFERENCE, DEVICE, NUMBER, "hanako")
COLUMNS = {
    "StartDate": "startDate", "EndDate": "endDate", "Status": "status", "IPAddress": "ipAddress",
    "Progress": "progress", "Finished": "finished", "RecordedDate": "recordedDate", "ResponseId": "_recordId",
    "RecipientLastName": "recipientLastName", "RecipientEmail": "recipientEmail",
    "ExternalReference": "externalDataReference", "UserLanguage": "userLanguage", "cluster": "QID1",
    "remark": "QID2_TEXT", "whom": "QID3_TEXT",
}  # fmt: skip
CODEBOOK = {
    "survey": [
        ["type", "name", "label::English (en)", "label::Japanese (ja)", "personal"],
        ["select_one yes_no", "cluster", "Are you a cluster?", "貴団体はクラスターですか", ""],
        ["text", "remark", "Anything else?", "その他", ""],
        ["text", "whom", "Whom may we ask?", "どなたに伺えばよいですか", "yes"],
    ],
    "choices": [
        ["list_name", "name", "label::English (en)", "label::Japanese (ja)"],
        ["yes_no", "1", "Yes", "はい"],
        ["yes_no", "2", "No", "いいえ"],
    ],
}
Person = tuple[str, str, str, str]
PERSONS: tuple[Person, ...] = (
    ("R_mihon1", MAIL, "1", "more training"),
    ("R_mihon2", OTHER_MAIL, "2", f"ask Ms {NAME}, {MAIL}"),
    ("R_mihon3", "", "1", f"電話 {NUMBER}"),
    ("R_mihon4", "jiro@sample.example.org", "2", "nothing"),
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def drop_wave(
    folder: Path, persons: Sequence[Person] = PERSONS, wave: str = "2020", *, synthetic: bool = True, until: str = ""
) -> SourceCard:
    """Write export and card into a folder; ``persons`` are response id, e-mail, answer of the choice, remark."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"mihon_{wave}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerow(["Are you a cluster?" if name == "cluster" else f"{name}?" for name in COLUMNS])
        writer.writerow([json.dumps({"ImportId": name}) for name in COLUMNS.values()])
        for number, (response, mail, choice, remark) in enumerate(persons, start=1):
            day = f"2020-03-{number:02} 10:00:00"
            meta = (day, day.replace("10:", "11:"), "0", DEVICE, "100", "1", day, response)
            writer.writerow(
                [*meta, NAME, mail, REFERENCE if number == 1 else "", "EN", choice, remark, NAME if number == 2 else ""]
            )
    codebook = folder / f"codebook_{wave}.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in CODEBOOK.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(codebook)
    said = {"codebook": {"file": codebook.name, "sha256": sha256(codebook)}, "link": "closed"}
    content = {
        "id": f"mihon_survey-{wave}", "kind": "survey", "table": "response", "family": "mihon_survey", "edition": wave,
        "title": "Survey of invented clusters", "page_address": "https://mihon.example.org/survey", "file": path.name,
        "publisher": {"name": "Institute for Invented Clusters", "country": "JP", "official": False},
        "sha256": sha256(path), "published": wave, "accessed": "2026-11-01",
        "reference_date": f"{wave}-03-31", "language": ["en"], "licence": {"name": "CC0-1.0"},
        "obtained": "generated", "reviewed_by": "registry editor", "reviewed_on": "2026-11-20",
        "scope_rule": "Whoever was invited", "status": "final", "synthetic": synthetic,
        "expected_rows": {"min": str(len(persons)), "max": str(len(persons))},
        "survey": said | ({"retention_until": until} if until else {}),
    }  # fmt: skip
    card = folder / "source.yml"
    card.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return read_card(card)
