"""Contact data of people inside free texts: such an answer is withheld as a whole.

Belongs here: finding these texts among very many. Does not belong here: the patterns (``personal``), and keeping the
original (``identity_store``). The whole text is withheld, because beside an address stands the name of its owner, which
no pattern finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.personal import PATTERNS

if TYPE_CHECKING:
    import pyarrow as pa

REDACTED = "[redacted]"
# What every match of the patterns has, told by one cheap search: a sign of an address, six digits as only a number has
# them, or the word before an extension.
DIGIT = "[0-9０-９]"
LOOKS_PERSONAL = (
    rf"[@＠★☆◎]|_at_|[\[(（](?i:at|ａｔ|アット|アットマーク)[\])）]| (?i:at) [A-Za-z0-9. \-]* (?i:dot) "
    rf"|{DIGIT}(?:[^0-9０-９\n]{{0,6}}{DIGIT}){{5}}|[+＋]{DIGIT}|内線|(?i:ext|extension)[ .:]"
)
EXACT = "(?m)" + "|".join(f"(?:{pattern})" for pattern in PATTERNS.values())


def redacted(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The texts with ``REDACTED`` in the place of each that holds an e-mail address or a telephone number, and a mask.

    ``texts`` are strings (plain or chunked), null where there is none; the mask is true for those withheld, never null.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    suspects = pc.indices_nonzero(pc.fill_null(pc.match_substring_regex(texts, LOOKS_PERSONAL), False))
    found = suspects.filter(pc.match_substring_regex(texts.take(suspects), EXACT)) if len(suspects) else suspects
    if not len(found):
        return texts, pa.repeat(pa.scalar(False), len(texts))
    is_found = np.zeros(len(texts), dtype=bool)
    is_found[found.to_numpy()] = True
    mask = pa.array(is_found)
    return pc.if_else(mask, REDACTED, texts), mask
