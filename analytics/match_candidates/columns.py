"""Belongs here: which column of a stranger's roster is the name, the country, the web address, and so on.

Does not belong here: what is done with the values.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from analytics.match_candidates.folding import fold, read_column

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from tldextract import TLDExtract

MORE_NAMES = (
    "name_en",
    "name_ja",
    "name_en_printed",
    "name_ja_printed",
    "name_local",
    "name_native",
    "acronym",
    "acronyms",
)
_YEAR = re.compile(r"(1[5-9]|20)\d\d")


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Column of ours and what rosters call it, from `column_name.csv`; the first that is there is taken."""
    found: dict[str, list[str]] = {}
    for column, printed in read_column("column_name.csv", "column", "printed"):
        found.setdefault(column, []).append(printed)
    return {column: tuple(printed) for column, printed in found.items()}


@cache
def _shared_hosts() -> frozenset[str]:
    return frozenset(domain for (domain,) in read_column("shared_host.csv", "domain"))


def canonical(table: pd.DataFrame) -> pd.DataFrame:
    """The roster with our column names, all text, empty text for what is missing, in an order free of the rows' order.

    Columns: id, name, edition, country (ISO code or as printed), region, domain, founded_year, other_names, language.
    Raises ``ValueError`` when no column looks like a name.
    """
    import pandas as pd

    given = {re.sub(r"[\W_]+", "", str(column).casefold()): column for column in reversed(list(table.columns))}
    taken: dict[str, object] = {}
    for ours, theirs in synonyms().items():
        for word in theirs:
            column = given.get(re.sub(r"[\W_]+", "", word.casefold()))
            if column is not None and column not in taken.values():
                taken[ours] = column
                break
    if "name" not in taken:
        found = ", ".join(str(column) for column in table.columns)
        raise ValueError(
            f"no column holds the names: expected `name` or {', '.join(synonyms()['name'][1:6])}; found {found}"
        )
    text = {ours: [_text(value) for value in table[column]] for ours, column in taken.items()}
    rows = pd.DataFrame({ours: text.get(ours, [""] * len(table)) for ours in synonyms()}, dtype=object)
    more = [column for word in MORE_NAMES if (column := given.get(word.replace("_", ""))) is not None]
    for column in more:
        if column not in taken.values():
            rows["other_names"] = [
                f"{names};{_text(value)}" for names, value in zip(rows["other_names"], table[column], strict=True)
            ]
    if "id" not in taken:
        rows["id"] = [str(number) for number in range(1, len(rows) + 1)]
    rows["country"] = [country_code(value) for value in rows["country"]]
    rows["region"] = [fold(value) for value in rows["region"]]
    rows["domain"] = [web_domain(value) for value in rows["website"]]
    rows["founded_year"] = [int(year.group()) if (year := _YEAR.search(value)) else 0 for value in rows["founded_year"]]
    return rows.drop(columns="website")


def _text(value: object) -> str:
    if isinstance(value, (list, tuple, set)) or (hasattr(value, "tolist") and not isinstance(value, str)):
        listed: Iterable[object] = value if isinstance(value, (list, tuple, set)) else [value.tolist()]
        return ";".join(str(part) for part in listed)
    if value is None or value != value or str(value) in {"<NA>", "nan", "NaT", "None"}:
        return ""
    return str(value).strip().removesuffix(".0") if isinstance(value, float) else str(value).strip()


@cache
def country_code(printed: str) -> str:
    """ISO 3166-1 code of a country printed as a code or by its name in any language; else the text folded."""
    from analytics.match_candidates.vocabulary import vocabulary, words

    upper = printed.strip().upper()
    upper = {"UK": "GB", "EL": "GR"}.get(upper, upper)
    if len(upper) == 2 or not upper:
        return upper
    if len(upper) == 3 and upper.isascii() and (two := _three_letters().get(upper)):
        return two
    known = vocabulary()
    keys = words(printed)
    tokens = known.unspaced.get(fold(printed)) or known.phrases.get(tuple(keys)) or ()
    if not tokens and len(keys) == 1:
        tokens = known.meaning(keys[0])
    return next((token[1:] for token in tokens if token.startswith("#")), fold(printed))


@cache
def _three_letters() -> dict[str, str]:
    from babel.core import get_global

    return {three: two for three, two in get_global("territory_aliases").items() if len(three) == 3} and {
        three: two[0] for three, two in get_global("territory_aliases").items() if len(three) == 3 and len(two[0]) == 2
    }


@cache
def address_splitter() -> TLDExtract:
    """What takes a web address apart, with the bundled list of public suffixes; nothing is fetched."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def web_domain(address: str) -> str:
    """Registered domain of a web address (https://www.cnr.it/en -> cnr.it); empty for hosts that many share."""
    if "." not in address:
        return ""
    found = address_splitter()(address.split(";")[0].split()[0].lower())
    name = found.top_domain_under_public_suffix
    if name in _shared_hosts():
        return ""
    return name
