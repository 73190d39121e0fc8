"""A card drafted for an export of a survey tool that nobody has described yet.

Belongs here: what is known of the wave from its export, and what the card still asks. Does not belong here: the
codebook (``inference``, the tool's own), making the folder (the command `add`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.intake import draft_guesses as guesses
from ingest.intake.draft import OPEN, UNKNOWN_PUBLISHER, Comments, Draft
from ingest.survey.cherries import cherries_items
from ingest.survey.wave_facts import WaveFacts

ASKED = (
    "what the design says: unit, population, frame, weights and so on; see docs/surveys.md",
    "調査設計（単位、母集団、抽出枠、ウェイトなど）。docs/surveys.md を参照してください",
)


def draft_wave(file_name: str, sha256: str, facts: WaveFacts, codebook: tuple[str, str], today: str) -> Draft:
    """The draft for an export that was read; ``codebook``: name and hash of the codebook that was written beside it."""
    stem = Path(file_name).stem
    edition = guesses.guess_edition(stem, (), ()) or OPEN
    family = guesses.guess_family(stem, "survey")
    content: dict[str, Any] = {
        "id": OPEN if edition == OPEN else f"{family}-{edition}",
        "kind": "survey", "table": "response", "family": family, "edition": edition, "title": OPEN,
        "publisher": dict(UNKNOWN_PUBLISHER), "page_address": OPEN, "file": file_name, "sha256": sha256,
        "published": "unknown", "accessed": today, "reference_date": OPEN,
        "language": list(facts.codebook["languages"]), "licence": {"name": OPEN}, "obtained": "sent",
        "reviewed_by": OPEN, "reviewed_on": OPEN, "scope_rule": OPEN, "status": "provisional", "synthetic": False,
        "expected_rows": {"min": str(facts.n_rows), "max": str(facts.n_rows)},
        "survey": {
            "codebook": dict(zip(("file", "sha256"), codebook, strict=True)),
            "title": {"en": OPEN},
            "link": OPEN,
            "retention_until": OPEN,
            "design": {"unit": OPEN, "estimates_speak_of": OPEN},
        },
    }  # fmt: skip
    items = ", ".join(item.code for item in cherries_items())
    told = (
        f"an export of {facts.tool} ({facts.form}): {facts.n_rows} responses",
        f"{facts.tool}の出力（{facts.form}）、回答{facts.n_rows}件",
    )
    comments: Comments = {
        ("survey",): [told],
        ("survey", "codebook"): [
            (
                f"{codebook[0]} was written from the file ({facts.codebook['origin']}): review it, then put its new "
                "hash here (observatory check tells it)",
                f"{codebook[0]} はファイルから作成しました（{facts.codebook['origin']}）。確認・修正し、"
                "新しいハッシュを記入してください（observatory check が表示します）",
            )
        ],
        ("survey", "link"): [
            (
                "closed (invited persons only) or open (anybody with the address): an open link has no response rate",
                "closed（招待者のみ）または open（誰でも回答可）。open では回収率を計算しません",
            )
        ],
        ("survey", "retention_until"): [
            ("until when personal data may be kept, YYYY-MM-DD", "個人情報の保存期限（YYYY-MM-DD）")
        ],
        ("survey", "design"): [ASKED],
        ("survey", "title"): [
            (
                f"you may add cherries: items of the CHERRIES checklist ({items})",
                f"cherries：CHERRIES チェックリストの項目を加えられます（{items}）",
            )
        ],
    }
    return Draft(content, comments)
