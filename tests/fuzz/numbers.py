"""What must hold of numbers under each convention that a card can declare."""

from __future__ import annotations

from tests.fuzz.harness import fuzz, instrumented

with instrumented(is_run=__name__ == "__main__"):
    from ingest.values.numbers import MOST_DIGITS, plain_decimal, read_number
    from ingest.values.reading import Options, read_value

CONVENTIONS = ((".", ""), (",", ""), (".", " "), (",", " "), (".", "'"))


def check(text: str) -> None:
    """A number is finite, of a size that prints, and reads the same again in plain figures."""
    for decimal, thousands in CONVENTIONS:
        read = read_number(text, decimal=decimal, thousands=thousands, parentheses="negative")
        if read.value is not None:
            plain = plain_decimal(read.value)
            assert read.value.is_finite()
            assert len(plain.strip("-").replace(".", "")) <= MOST_DIGITS
            assert read_number(plain).value == read.value
        else:
            assert read.steps
    for kind in ("count", "number", "percent"):
        reading = read_value(kind, text, Options(unit="%" if kind == "percent" else ""))
        if reading.value is not None:
            assert (
                read_value(kind, reading.value, Options(unit="%" if kind == "percent" else "")).value == reading.value
            )


if __name__ == "__main__":
    fuzz("numbers", check)
