"""By which sign the cells of a text table are separated.

Belongs here: trying the separators on the first records. Does not belong here: reading the table (``csv_records``).
"""

from __future__ import annotations

import contextlib
import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.tables.printed import Hints

DELIMITERS = (",", "\t", ";", "|")
NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
# Some spreadsheet programs write and read the separator on a line of its own above the table.
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*')


def decide_delimiter(path: Path, opening: Sequence[str], hints: Hints) -> str:
    """The separator: declared by the card or by the file's first line, else the one that makes the best table.

    ``opening`` are the file's first lines. Best: most of the card's headers as cells, then most records of one and the
    same width of two or more, then the widest. A table of one column has a comma.

    Raises:
        SourceError: the card declares more than one character.
    """
    if hints.delimiter:
        delimiter = NAMES.get(hints.delimiter.lower(), hints.delimiter)
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise SourceError([problem("csv_delimiter_not_known", Place(path.name), delimiter=hints.delimiter)])
        return delimiter
    match = SEPARATOR_LINE.fullmatch(opening[0]) if opening else None
    if match:
        return match[1]
    return max(DELIMITERS, key=lambda each: _score(opening, each, hints))


def _score(opening: Sequence[str], delimiter: str, hints: Hints) -> tuple[int, float, int]:
    records: list[list[str]] = []
    # What was read before a fault says enough; the fault itself is told by the reader.
    with contextlib.suppress(csv.Error):
        records.extend(record for record in csv.reader(opening, delimiter=delimiter) if record)
    names = {name.strip() for name in (*hints.headers, *hints.words)}
    hits = max((len({cell.strip() for cell in record} & names) for record in records), default=0)
    widths = Counter(len(record) for record in records if len(record) > 1)
    # The last record may be cut off by the end of what is looked at.
    (width, n_records), *_ = [*widths.most_common(1), (1, 0)]
    return hits, n_records / max(1, len(records)), width if n_records else 0
