"""A new file beside what was there before: the revision that it would replace, or the edition before it.

Belongs here: which two tables are compared and what must not be shown of them. Does not belong here: the comparison
(``drift``) and its page (``drift_page``).
"""

from __future__ import annotations

from pathlib import Path

from ingest.intake.drift import Drift, Edition, compare, edition_of
from ingest.landing import hints_of
from ingest.problem import SourceError
from ingest.restricted import write_restricted
from ingest.source_card import SourceCard


def drift_between(before: SourceCard, card: SourceCard, folder: Path) -> Drift | None:
    """What differs between the files of two cards; ``folder`` takes what is read, to be thrown away.

    None where there is nothing to learn: a file that cannot be read, or made-up rows beside real ones. Waves of a
    survey are compared question by question once they are landed.
    """
    if before.is_synthetic != card.is_synthetic or card.is_wave:
        return None
    try:
        return compare(_edition(before, folder / "before"), _edition(card, folder / "now"))
    except SourceError:
        return None


def _edition(card: SourceCard, folder: Path) -> Edition:
    """The table of a card without the values of its personal columns, because a page on it may be sent on."""
    from ingest.tables.child import read_foreign

    printed = read_foreign(card.file, hints_of(card), folder)
    return edition_of(card, write_restricted(printed, card.content.get("personal", []), folder / "restricted.parquet"))
