"""Texts of a codebook and of headers that everybody may read, without contact data.

Belongs here: covering them, and how many they were. Does not belong here: answers (``batch``), and what counts as
contact data (``free_text``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingest.survey.free_text import redacted

# The keys under which a codebook or a described column holds words; codes and conditions are left as they are.
WORDS = frozenset({"title", "labels", "parent_labels", "aliases", "source_header"})


def without_contacts(
    codebook: Mapping[str, Any], columns: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, Any], tuple[dict[str, Any], ...], int]:
    """The codebook and columns with each text covered that holds contact data, and the number of such texts."""
    import pyarrow as pa

    both: dict[str, Any] = {"codebook": codebook, "columns": list(columns)}
    texts = list(dict.fromkeys(_texts(both, is_words=False)))
    covered, mask = redacted(pa.array(texts, pa.string()))
    found = {
        text: new for text, new, is_found in zip(texts, covered.to_pylist(), mask.to_pylist(), strict=True) if is_found
    }
    replaced: dict[str, Any] = _replaced(both, found, is_words=False) if found else both
    return dict(replaced["codebook"]), tuple(replaced["columns"]), len(found)


def _texts(plain: Any, *, is_words: bool) -> Iterator[str]:
    if isinstance(plain, Mapping):
        for key, each in plain.items():
            yield from _texts(each, is_words=is_words or key in WORDS)
    elif isinstance(plain, (list, tuple)):
        for each in plain:
            yield from _texts(each, is_words=is_words)
    elif is_words and isinstance(plain, str):
        yield plain


def _replaced(plain: Any, found: Mapping[str, str], *, is_words: bool) -> Any:
    if isinstance(plain, Mapping):
        return {key: _replaced(each, found, is_words=is_words or key in WORDS) for key, each in plain.items()}
    if isinstance(plain, (list, tuple)):
        return [_replaced(each, found, is_words=is_words) for each in plain]
    return found.get(plain, plain) if is_words and isinstance(plain, str) else plain
