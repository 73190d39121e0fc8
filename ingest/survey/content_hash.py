"""One number for all answers of a response, to find those that are the same.

Belongs here: the hash. Does not belong here: which of two same responses counts (``duplicates``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ingest.survey.schema import RAW_SUFFIX

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

# The multiplier of Knuth's 64-bit linear congruential generator (MMIX).
MULTIPLIER = 6364136223846793005


def content_of(columns: Mapping[str, pa.Array], n: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """A hash (uint64) for each of ``n`` rows over the wide columns that hold answers and states.

    Two of ten million different responses share one with a chance of 3 in a million (birthday bound n^2 / 2^65).
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    total = np.zeros(n, dtype=np.uint64)
    for name, column in columns.items():
        if name.endswith(RAW_SUFFIX) or pa.types.is_dictionary(column.type):
            continue
        if pa.types.is_integer(column.type):
            part = column.to_numpy(zero_copy_only=False).astype(np.int64).view(np.uint64)
        else:
            part = pd.util.hash_array(column.cast(pa.string()).fill_null("").to_numpy(zero_copy_only=False))
        # Each step mixes the high bits into the low ones, or columns of small numbers would add up alike.
        total = (total ^ (total >> np.uint64(29))) * np.uint64(MULTIPLIER) + part
    return total
