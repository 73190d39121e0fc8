"""What the cells of a printed table hold that must not go on as it is: one pass for personal data and odd addresses.

Belongs here: the order of the two. Does not belong here: their patterns (``personal``, ``addresses``) and keeping
personal columns apart (``restricted``).
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest import addresses, personal
from ingest.cell_search import search_cells
from ingest.problem import Problem
from ingest.tables.printed import Printed


def content_problems(printed: Printed, declared: Sequence[str] = (), file: str = "") -> list[Problem]:
    """QUAR for personal data outside the ``declared`` columns, FIX for addresses that are kept as text."""
    search = search_cells(printed.batches(), {**personal.PATTERNS, **addresses.PATTERNS})
    return [
        *personal.personal_problems(printed.facts, search, declared, file),
        *addresses.address_problems(printed.facts, search, file),
    ]
