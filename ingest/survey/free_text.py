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
DIGIT = "[0-9０-９]"
# In an answer a post code stands before somebody's address, and the address of a device or of a page that was opened by
# invitation tells whose it is. What begins with one digit is a version (1.2.3.4).
OCTET, GROUP = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})", "[0-9A-Fa-f]{1,4}"
OF_ANSWERS = (
    rf"(?:^|[^0-9.])[1-9][0-9]{{1,2}}\.{OCTET}\.{OCTET}\.{OCTET}(?:$|[^0-9.]|\.(?:$|[^0-9]))",
    f"(?:^|[^0-9A-Za-z:])(?:{GROUP}:){{7}}{GROUP}(?:$|[^0-9A-Za-z:])",
    f"(?:^|[^0-9A-Za-z:])[0-9A-Fa-f]{{2,4}}:(?:{GROUP}:){{0,5}}(?::{GROUP}){{1,6}}(?:$|[^0-9A-Za-z:])",
    f"〒[ 　]?{DIGIT}{{3}}[-‐‑–－ー]?{DIGIT}{{4}}",
    r"https?://[^ ]*[?&;#](?i:token|key|sid|session|invitation|auth|code|uid|user|email)=[^ &]",
)
# What every match of the patterns has, told by one cheap search: a sign of an address, six digits as only a number has
# them, the word before an extension, or how one of the above begins.
LOOKS_PERSONAL = (
    rf"[@＠★☆◎]|_at_|[\[(（](?i:at|ａｔ|アット|アットマーク)[\])）]| (?i:at) [A-Za-z0-9. \-]* (?i:dot) "
    rf"|{DIGIT}(?:[^0-9０-９\n]{{0,6}}{DIGIT}){{5}}|[+＋]{DIGIT}|内線|(?i:ext|extension)[ .:]"
    r"|[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]|:[0-9A-Fa-f]{0,4}:|〒|https?://"
)
EXACT = "(?m)" + "|".join(f"(?:{pattern})" for pattern in (*PATTERNS.values(), *OF_ANSWERS))


def redacted(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The texts with ``REDACTED`` in the place of each that holds contact data, and a mask.

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
