"""Values of a workbook as text, column by column: a sheet of three million cells has to pass here in a second.

Belongs here: how numbers, days, times and truth values are written. Does not belong here: which cell holds what.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from ingest.tables.text_columns import TextColumns

if TYPE_CHECKING:
    import pyarrow as pa

DAY_ONE_1900 = datetime.date(1899, 12, 30)
DAY_ONE_1904 = datetime.date(1904, 1, 1)
LAST_DAY = datetime.date(9999, 12, 31)
# Before it Excel's calendar has a day that never was, and other programs are a day apart from it.
FIRST_SURE_DAY = datetime.date(1900, 3, 1)
# A number as somebody types it; full-width digits are typed as often in Japan.
NUMBER = re.compile(r" *[-+－＋]?(?:[0-9０-９]+|[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+)(?:[.．][0-9０-９]+)? *")


def number_text(number: float) -> str:
    """A number as a spreadsheet program writes it: 15 significant digits at most, never an exponent.

    >>> number_text(12.0), number_text(0.1 + 0.2), number_text(1e21), number_text(1e-7)
    ('12', '0.3', '1000000000000000000000', '0.0000001')
    """
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    short = f"{number:.15g}"
    return format(Decimal(short), "f") if "e" in short else short


def _number_texts(numbers: Sequence[float]) -> list[str]:
    if all(map(float.is_integer, numbers)) and min(numbers) > -1e15 and max(numbers) < 1e15:
        return list(map(str, map(int, numbers)))
    texts = list(map("%.15g".__mod__, numbers))
    if "e" in "".join(texts) or "-0" in texts:
        return [number_text(number) for number in numbers]
    return texts


def moment_text(moment: datetime.datetime) -> str:
    """A day, with its time of day where it has one, to the millisecond that a serial number can hold."""
    moment = _to_milliseconds(moment)
    if moment.time() == datetime.time():
        return moment.date().isoformat()
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def clock_text(time: datetime.time) -> str:
    """A time of day; one that rounds up to midnight is midnight."""
    rounded = _to_milliseconds(datetime.datetime.combine(DAY_ONE_1904, time)).time()
    return rounded.isoformat(timespec="milliseconds" if rounded.microsecond else "seconds")


def _to_milliseconds(moment: datetime.datetime) -> datetime.datetime:
    odd = moment.microsecond % 1000
    return moment + datetime.timedelta(microseconds=(1000 if odd >= 500 else 0) - odd) if odd else moment


def length_text(length: datetime.timedelta) -> str:
    """Elapsed time as hours, minutes and seconds: ``30:00:00``."""
    seconds = round(abs(length).total_seconds())
    sign = "-" if length < datetime.timedelta() and seconds else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def string_text(text: str) -> str:
    """A text with one kind of line end, whichever the program that wrote it uses."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _each(write: Callable[[Any], str]) -> Callable[[Sequence[Any]], list[str]]:
    """Write each different value once: a column of days has few of them."""

    def texts(values: Sequence[Any]) -> list[str]:
        written = {value: write(value) for value in set(values)}
        return list(map(written.__getitem__, values))

    return texts


def _string_texts(texts: Sequence[str]) -> Sequence[str]:
    return list(map(string_text, texts)) if "\r" in "".join(texts) else texts


WRITERS: dict[type, Callable[[Sequence[Any]], Sequence[str]]] = {
    str: _string_texts,
    float: _number_texts,
    int: lambda numbers: list(map(str, numbers)),
    bool: lambda values: ["TRUE" if value else "FALSE" for value in values],
    datetime.date: _each(datetime.date.isoformat),
    datetime.datetime: _each(moment_text),
    datetime.time: _each(clock_text),
    datetime.timedelta: _each(length_text),
}
DAYS = {datetime.date, datetime.datetime}
# Rows written at a time: few enough that their values are still in the processor's cache, which saves a third.
AT_ONCE = 512


@dataclass
class Values:
    """Rows as text. ``numbers_as_text`` are places, row and column from 1.

    ``has_odd_days`` asks for a look at the file itself: a time without a day, a day before March 1900 or a number among
    days may each be a serial number gone wrong.
    """

    rows: TextColumns
    numbers_as_text: list[tuple[int, int]]
    has_odd_days: bool


def read_rows(rows: Iterable[Sequence[Any]], first_column: int = 1) -> Values:
    """Write rows of values, all of one length, as text; what stands left of ``first_column`` is empty."""
    import pyarrow as pa

    stream = iter(rows)
    kinds: dict[int, set[type]] = defaultdict(set)
    pieces: dict[int, list[pa.Array]] = defaultdict(list)
    numbers_as_text: list[tuple[int, int]] = []
    has_odd_days, n_rows = False, 0
    while batch := list(islice(stream, AT_ONCE)):
        for number, values in enumerate(zip(*batch, strict=True), start=first_column):
            found = set(map(type, values))
            kinds[number] |= found
            if found & DAYS and _first_day(values, found) < FIRST_SURE_DAY:
                has_odd_days = True
            pieces[number].append(_piece(values, found))
            if str in found:
                numbers_as_text += [(n_rows + 1 + place, number) for place in _numbers_among(values, found)]
        n_rows += len(batch)
    has_odd_days |= any(datetime.time in found or (float in found and bool(found & DAYS)) for found in kinds.values())
    before = [pa.array([""] * n_rows, pa.string())] * (first_column - 1 if pieces else 0)
    return Values(TextColumns([*before, *map(_column, pieces.values())], n_rows), numbers_as_text, has_odd_days)


def _piece(values: Sequence[Any], kinds: set[type]) -> pa.Array:
    """A few hundred values of a column; numbers, days and texts alone become text later, all at once."""
    import pyarrow as pa

    if kinds == {str}:
        return pa.array(values, pa.string())
    for kind, type_name in ((float, "float64"), (datetime.date, "date32")):
        if kinds == {kind}:
            return pa.array(values, type_name)
        if kinds == {kind, str} and not any(value for value in values if type(value) is str):
            # An empty cell is an empty text until all become text.
            return pa.array([None if type(value) is str else value for value in values], type_name)
    return pa.array(_texts(values, kinds), pa.string())


def _column(pieces: Sequence[pa.Array]) -> pa.Array:
    """The pieces of a column as one array of text."""
    import pyarrow as pa

    runs = [pa.concat_arrays(list(run)) for _, run in groupby(pieces, key=lambda piece: piece.type)]
    texts = [_number_array(run) if run.type == pa.float64() else _text_array(run.cast(pa.string())) for run in runs]
    texts = [run.fill_null("") for run in texts]
    return texts[0] if len(texts) == 1 else pa.concat_arrays(texts)


def _text_array(texts: pa.Array) -> pa.Array:
    """``string_text`` of every text."""
    import pyarrow.compute as pc

    if not pc.any(pc.match_substring(texts, "\r")).as_py():
        return texts
    return pc.replace_substring(pc.replace_substring(texts, "\r\n", "\n"), "\r", "\n")


def _number_array(numbers: pa.Array) -> pa.Array:
    """``number_text`` of every number: Arrow writes the fewest digits that tell a number from all others, which is
    the same wherever they are 15 at most and none is an exponent.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = numbers.cast(pa.string())
    is_odd = pc.or_(pc.greater(pc.binary_length(texts), 15), pc.match_substring(texts, "e"))
    is_odd = pc.or_(is_odd, pc.equal(texts, "-0"))
    odd = [number_text(number) for number in numbers.filter(is_odd).to_pylist()]
    return pc.replace_with_mask(texts, is_odd, pa.array(odd, pa.string())) if odd else texts


def column_texts(values: Sequence[Any]) -> list[str]:
    """One column of values as text."""
    return list(_texts(values, set(map(type, values))))


def _first_day(values: Sequence[Any], kinds: set[type]) -> datetime.date:
    if kinds == {datetime.date}:
        first: datetime.date = min(values)
        return first
    days = {value for value in set(values) if type(value) in DAYS}
    return min(value.date() if type(value) is datetime.datetime else value for value in days)


def _numbers_among(values: Sequence[Any], kinds: set[type]) -> list[int]:
    """Places of the texts that are a number; the order of their first signs spares nearly all a closer look."""
    strings = list(filter(None, values if kinds == {str} else [value for value in values if type(value) is str]))
    if not strings or (min(strings) > ":" and max(strings) < "＋"):
        return []
    return [
        place
        for place, value in enumerate(values)
        if type(value) is str and value and not ":" < value < "＋" and NUMBER.fullmatch(value)
    ]


def _texts(values: Sequence[Any], kinds: set[type]) -> Sequence[str]:
    if len(kinds) == 1:
        return WRITERS[next(iter(kinds))](values)
    written = {kind: iter(WRITERS[kind]([value for value in values if type(value) is kind])) for kind in kinds}
    return [next(written[type(value)]) for value in values]


def day_of(serial: float, is_1904: bool) -> datetime.datetime | None:
    """The moment of a serial number; None where there is no day, or where programs differ about it.

    Excel's 1900 calendar has a 29 February that never was (serial 60), and before it other programs are a day apart.
    """
    first = DAY_ONE_1904 if is_1904 else DAY_ONE_1900
    if not (1 if is_1904 else 61) <= serial < (LAST_DAY - first).days + 1:
        return None
    return datetime.datetime.combine(first, datetime.time()) + datetime.timedelta(
        milliseconds=round(serial * 86_400_000)
    )


def percent_text(number: float, digits: int) -> str:
    """A number as a percentage with so many decimals: 0.5 is ``50%``."""
    return f"{Decimal(repr(number)) * 100:.{digits}f}%"
