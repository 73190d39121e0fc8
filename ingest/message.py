"""Problems worded in English and Japanese, from the catalogue ``messages/*.csv``.

Belongs here: looking a code up and filling in its wording. Does not belong here: finding problems (each reader), and
the sentences made of the parts (``problem``). One CSV for each area, so that a translator has one place to work in.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ingest.problem import Outcome, Place, Problem, Wording

FOLDER = Path(__file__).with_name("messages")
COLUMNS = (
    *("code", "outcome", "what_en", "what_ja", "found_en", "found_ja"),
    *("expected_en", "expected_ja", "remedy_en", "remedy_ja"),
)
LONGEST_VALUE = 120
MOST_VALUES = 50
# What stands behind is not shown.
MOST_LOOKED_AT = 1_000
# A path may be long, and what says most, the cell, stands at its end.
LONGEST_PLACE = 5_000


def problem(code: str, where: Place | str, **values: object) -> Problem:
    """The problem with this code at this place; ``values`` fill the ``{names}`` in its wording.

    A value is shown with control and direction signs made visible and cut to ``LONGEST_VALUE`` characters; what looks
    like somebody's e-mail address or telephone number in it is covered, because messages go where the cells may not. Of
    a list of values each is shown so, and the first ``MOST_VALUES`` are named. None, which stands for nothing to name,
    is shown as a word.

    Raises:
        KeyError: no such code in the catalogue, or a name in its wording without a value.
    """
    row = catalogue()[code]
    shown = {name: _shown(value) for name, value in values.items() if value not in (None, [], ())}
    en, ja = (
        {
            part: row[f"{part}_{language}"].format_map(shown | {name: word for name in values if name not in shown})
            for part in PARTS
        }
        for language, word in NOTHING.items()
    )
    place_ja = where.japanese if isinstance(where, Place) else where
    return Problem(
        **en, where=harmless(str(where), LONGEST_PLACE), code=code, outcome=Outcome(row["outcome"]),
        ja=Wording(**ja, where=harmless(place_ja, LONGEST_PLACE)),
    )  # fmt: skip


NOTHING = {"en": "none", "ja": "なし"}
PARTS = ("what", "found", "expected", "remedy")


def _shown(value: object) -> str:
    # The search for personal data tells of problems itself.
    from ingest.personal import masked

    if not isinstance(value, list | tuple):
        text = str(value)
        return harmless(masked(text[:MOST_LOOKED_AT]) + text[MOST_LOOKED_AT:])
    more = [f"… ({len(value)})"] if len(value) > MOST_VALUES else []
    return ", ".join([*(_shown(each) for each in value[:MOST_VALUES]), *more])


def harmless(text: str, longest: int = LONGEST_VALUE) -> str:
    """Text from a foreign file as it may be printed: odd signs as escapes, on one line, not endless."""
    short = text if len(text) <= longest else f"{text[:longest]}… ({len(text)})"
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in short)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every message by its code.

    Raises:
        ValueError: a code stands twice.
    """
    rows: dict[str, Mapping[str, str]] = {}
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if row["code"] in rows:
                    raise ValueError(f"{path}: the code {row['code']} stands twice in the catalogue")
                rows[row["code"]] = row
    return rows
