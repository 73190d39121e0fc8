"""Japanese eras: which day belongs to which, and a day as the era calendar writes it.

Belongs here: the table ``era.csv`` and the counting of years. Does not belong here: the forms of a printed
date (``dates``).

Japan counts days as the Gregorian calendar does only since 1 January 1873 (Meiji 6). Earlier days, from 23 October 1868
(the edict on the era Meiji), are written with the months and days of the Gregorian calendar carried backwards, as
spreadsheets and databases do; a document of that time prints a day of the lunar calendar instead, up to some weeks off.
The day on which an emperor died in 1912 and 1926 belongs to both eras; it is written with the new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from ingest.values.tables import read_values_table


@dataclass(frozen=True)
class Era:
    """An era: its names, the western year of its first year, and its days, both ends included."""

    code: str
    name_ja: str
    name_en: str
    letter: str
    year_one: int
    first_day: date
    last_day: date

    def holds(self, first: date, last: date) -> bool:
        """Whether at least one day of the interval is of this era."""
        return first <= self.last_day and last >= self.first_day


@cache
def eras() -> tuple[Era, ...]:
    """Every era from Meiji on, the oldest first; the running one ends with the last day that a date can hold."""
    return tuple(
        Era(
            row["era"], row["name_ja"], row["name_en"], row["letter"], int(row["year_one"]),
            date.fromisoformat(row["first_day"]),
            date.fromisoformat(row["last_day"]) if row["last_day"] else date.max,
        )
        for row in read_values_table("era")
    )  # fmt: skip


@cache
def era_named(name: str) -> Era | None:
    """The era with this Japanese name, English name or letter; None if there is none."""
    known = {word: era for era in eras() for word in (era.name_ja, era.name_ja[0], era.name_en.casefold(), era.letter)}
    return known.get(name) or known.get(name.casefold())


def era_text(day: date, *, letter: bool = False) -> str:
    """A day as the era calendar writes it: 平成25年4月1日, the first year as 元年; with ``letter`` H25.4.1.

    Raises:
        ValueError: the day is before the era Meiji.
    """
    found = [era for era in eras() if era.holds(day, day)]
    if not found:
        raise ValueError(f"{day} is before {eras()[0].first_day}, the first day of the era {eras()[0].name_en}")
    era = found[-1]
    year = day.year - era.year_one + 1
    if letter:
        return f"{era.letter}{year}.{day.month}.{day.day}"
    return f"{era.name_ja}{'元' if year == 1 else year}年{day.month}月{day.day}日"
