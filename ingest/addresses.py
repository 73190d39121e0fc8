"""Addresses that stand in a table: which may be shown as a link, and which stay text for good.

Belongs here: the closed list of schemes, and addresses of this machine, of a local network or of a file. Does not
belong here: fetching anything; no reader of this project does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.cell_search import Search, cell_place
from ingest.message import problem
from ingest.problem import Problem
from ingest.tables.printed import Facts

# Loopback, private and link-local addresses (RFC 1918, 3927, 4193, 6761); 169.254.169.254 tells the secrets of clouds.
LOCAL_HOST = (
    r"(?:localhost|(?:127|10|0)\.[0-9]|192\.168\.|169\.254\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|\[(?:::|f[cde])|"
    r"[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.(?:local|internal|localhost)(?:[:/]|$))"
)
OTHER_SCHEME = (
    r"(?:file|smb|ftp|gopher|ldap|ssh|telnet|dict|jar|view-source)://?/?[^ ]|(?:javascript|vbscript):|data:[a-z]+/"
)
SCHEME = rf"(?:^|[ 　(（<'])(?:{OTHER_SCHEME})"
NOT_PUBLIC = rf"(?i)(?:https?://(?:[^/@ ]*@)?{LOCAL_HOST}|{SCHEME}|^\\\\[^\\ ]+\\)"
PATTERNS = {"not_public": NOT_PUBLIC}
PUBLIC = re.compile(r"(?i)https?://[^/\s]+\.[^/\s]+")


def is_public_address(text: str) -> bool:
    """Whether a text may be shown as a link: http or https, to a host that is no machine of a local network."""
    return bool(PUBLIC.match(text)) and not re.search(NOT_PUBLIC, text)


def address_problems(facts: Facts, search: Search, file: str = "") -> Iterator[Problem]:
    """One FIX for each column with addresses that are no public page, and for each such target of a link.

    ``search`` is one pass with ``PATTERNS``.
    """
    for (place, name), hits in search.hits.items():
        if name in PATTERNS:
            yield problem("link_kept_as_text", cell_place(facts, file, place, hits.rows[0]), address=hits.first)
    for mark in facts.marks:
        if mark.kind == "link" and mark.column in facts.columns and re.search(NOT_PUBLIC, mark.text):
            where = cell_place(facts, file, facts.columns.index(mark.column), mark.row)
            yield problem("link_kept_as_text", where, address=mark.text)
