"""Which columns a landed Parquet file has, by kind and table.

Belongs here: names, order and types of what lands. Does not belong here: filling them (``landed_rows``).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ingest.layout import layout_of

if TYPE_CHECKING:
    import pyarrow as pa

# What every landed row carries before our columns, whatever the kind.
ROW_COLUMNS = (
    *("row_id", "source_id", "family", "edition", "is_synthetic", "file_name", "file_sha256", "sheet", "row_number"),
    *("entry_key", "printed_key", "rejected_reason", "is_struck", "printed", "cells"),
)


def landed_columns(kind: str, table: str) -> tuple[str, ...]:
    """All columns of a landed file of this kind and table, in order.

    Our columns hold the printed text; ``<column>_code`` the card's code for its label, ``<column>_read`` the value read
    from it in canonical form, ``<column>_key`` the form by which names are compared.
    """
    layout = layout_of(kind, table)
    return (
        *ROW_COLUMNS,
        *layout.columns,
        *(f"{column}_code" for column in layout.coded),
        *(f"{column}_read" for column in layout.reads),
        *(f"{column}_key" for column in names_of(kind, table)),
    )


def names_of(kind: str, table: str) -> tuple[str, ...]:
    """Our columns that hold names."""
    return tuple(column for column, reading in layout_of(kind, table).reads.items() if reading == "name")


def cells_type() -> pa.DataType:
    """Type of ``cells``: what there is to say of single cells of a row, and nothing of all the others.

    ``state``, ``value_read`` and ``steps`` are those of the reading, null in a column that is not read; ``marks`` is
    what the file says beside the text (a comment, a link) and the footnote marks that were taken off.
    """
    import pyarrow as pa

    mark = pa.struct([("kind", pa.string()), ("text", pa.string())])
    return pa.list_(
        pa.struct(
            [
                ("column_number", pa.int32()),
                ("state", pa.string()),
                ("value_read", pa.string()),
                ("steps", pa.list_(pa.string())),
                ("marks", pa.list_(mark)),
            ]
        )
    )


@cache
def landed_schema(kind: str, table: str) -> pa.Schema:
    """Schema of a landed file."""
    import pyarrow as pa

    types = {
        "is_synthetic": pa.bool_(),
        "is_struck": pa.bool_(),
        "row_number": pa.int32(),
        "printed": pa.map_(pa.string(), pa.string()),
        "cells": cells_type(),
    }
    return pa.schema([(name, types.get(name, pa.string())) for name in landed_columns(kind, table)])
