"""Keys as functions of single columns, so that the engine groups by plain columns and categories follow afterwards.

Belongs here: which column a key is made of, and its value for each value of the column. Does not belong here: sums.

An engine adds up over a small column of codes several times faster than over an expression, and one reading then
answers for the category, for the state and for every recoding of the same column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.sql_literal import literal
from analytics.survey_statistics.sample.engine import arrays, columns_in
from analytics.survey_statistics.sample.responses import Responses, quoted

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

RECODED = "recoded"
SMALL = ("TINYINT", "UTINYINT", "SMALLINT", "USMALLINT", "BOOLEAN")


@dataclass(frozen=True)
class Source:
    """Where a key comes from: the SQL that is grouped by, and what is made of its values (SQL, None for nothing).

    ``named``: the column that the recoding calls by its name.
    """

    column: str
    recoding: str | None = None
    named: str = ""


def sources(responses: Responses, keys: Sequence[str]) -> tuple[Source, ...]:
    """Each key as a recoding of one column where that is a small one, else as an expression of its own."""
    return tuple(_source(responses, key) for key in keys)


def _source(responses: Responses, key: str) -> Source:
    names = columns_in(key, responses.columns)
    if len(names) != 1 or key == quoted(names[0]):
        return Source(key)
    (name,) = names
    # What is left of the key must name no second column without quotes.
    rest = set(key.replace(quoted(name), " ").lower().replace("(", " ").replace(")", " ").replace(",", " ").split())
    is_alone = not rest & {column.lower() for column in responses.columns}
    if responses.columns[name] in SMALL and is_alone:
        return Source(quoted(name), key, name)
    return Source(key)


def recoded(survey: Survey, source: Source, values: Sequence[object]) -> list[object]:
    """The key for each value of its column."""
    if source.recoding is None:
        return list(values)
    distinct = list(dict.fromkeys(values))
    # Columns of one codebook share their recoding but for the name, and so the answer.
    expression = source.recoding.replace(quoted(source.named), '"x"')
    remembered = (RECODED, expression, tuple(distinct))
    found = survey.kept.get(remembered)
    if found is None:
        kind = survey.responses.columns[source.named]
        listed = ", ".join(map(literal, distinct))
        (answer,) = arrays(survey.responses, f"select {expression} from (select unnest([{listed}]::{kind}[]) as x)")
        found = survey.kept[remembered] = dict(zip(distinct, answer.tolist(), strict=True))
    return [found[value] for value in values]
