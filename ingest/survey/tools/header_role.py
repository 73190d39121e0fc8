"""Columns that are no answers, by their headers, in files that no survey tool wrote.

Belongs here: the reviewed headers (``plain_role.csv``) and those that announce personal data. Does not belong here:
the technical columns of one tool (its own reader).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ingest.personal import personal_kind
from ingest.survey.export import PERSONAL_ROLES
from ingest.tables.cell_text import fold
from ingest.values.tables import read_table_beside

ROLE_OF_PERSONAL = {"e_mail": "email", "person": "name", "device": "ip", "telephone": "custom", "contact": "custom"}
# A longer header is the text of a question, which may speak of a contact without asking for one.
LONGEST_NAME = 40


def role_of(header: str) -> str:
    """The role (``export.ROLES``) of a column with this header; ``answer`` where nothing else is known of it."""
    if known := _roles().get(_key(header)):
        return known
    kind = personal_kind(header) if len(header) <= LONGEST_NAME else ""
    return ROLE_OF_PERSONAL.get(kind, "answer")


def is_personal_name(*texts: str) -> bool:
    """Whether one of the names of a question asks for contact data, in words as short as those of a form's field."""
    return any(
        _roles().get(_key(text)) in PERSONAL_ROLES or (len(text) <= LONGEST_NAME and bool(personal_kind(text)))
        for text in texts
        if text
    )


@cache
def _roles() -> Mapping[str, str]:
    rows = read_table_beside(__file__, "plain_role")
    return {_key(header): row["role"] for row in rows for header in row["header"].split("|")}


def _key(header: str) -> str:
    return fold(header).replace("_", "").replace("-", "")
