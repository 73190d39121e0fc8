"""A value as SQL text.

Belongs here: what stands in a query for a value of Python. Does not belong here: names of tables and columns.

Parameters would do the same, but the client of DuckDB imports pandas, half a second, to look at the first one.
"""

from __future__ import annotations

import math


def literal(value: object) -> str:
    """A text, number, truth value, None, or a list or tuple of them, as the engine reads it back."""
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, float):
        # Without an exponent the engine reads a decimal number, and rounds those of one list alike.
        return f"{value:.17e}" if math.isfinite(value) else f"'{value}'::double"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    return "'" + str(value).replace("'", "''") + "'"
