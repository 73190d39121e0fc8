"""placeholder"""

from __future__ import annotations

from typing import Any


def improved(tables: Any, tasks: Any, protects: Any) -> str:
    return "heuristic"
