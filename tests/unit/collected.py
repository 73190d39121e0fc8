"""What an engine collects of responses, from a few words each, for tests of what is made of it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

DEFAULTS: dict[str, Any] = {"n_applicable": 10, "n_answered": 10, "is_straight_lined": False, "respondent_id": None}
TYPES = {"n_applicable": pa.int64(), "n_answered": pa.int64(), "is_straight_lined": pa.bool_()}


def collected_of(*responses: dict[str, Any]) -> pa.Table:
    """One row for each response; a role that any of them names is a text column, empty for the others."""
    roles = [name for response in responses for name in response if name not in {*DEFAULTS, "content_key"}]
    rows = [
        {
            "response_no": number, "row_number": number + 1, **dict.fromkeys(roles, ""), **DEFAULTS,
            "content_key": f"answers {number}", **response,
        }
        for number, response in enumerate(responses, start=1)
    ]  # fmt: skip
    numbers = {"response_no": pa.int64(), "row_number": pa.int32()}
    schema = pa.schema([(name, (TYPES | numbers).get(name, pa.string())) for name in rows[0]])
    return pa.Table.from_pylist(rows, schema=schema)
