"""What must hold of dates under each declaration of a card."""

from __future__ import annotations

from tests.fuzz.harness import fuzz, instrumented

with instrumented(is_run=__name__ == "__main__"):
    from ingest.values.dates import read_date
    from ingest.values.reading import Options, read_value

CALENDARS = ("", "dmy", "mdy", "era", "fiscal")


def check(text: str) -> None:
    """A date begins before it ends, and its canonical form is the same date."""
    for calendar in CALENDARS:
        read = read_date(text, calendar=calendar, two_digit_years=bool(calendar))
        if read is not None:
            assert read.date_from <= read.date_to
            again = read_date(read.canonical)
            assert again is not None
            assert (again.date_from, again.date_to) == (read.date_from, read.date_to)
    reading = read_value("date", text, Options(serials="1900"))
    if reading.value is not None:
        assert read_value("date", reading.value).value == reading.value


if __name__ == "__main__":
    fuzz("dates", check)
