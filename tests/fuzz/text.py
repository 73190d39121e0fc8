"""What must hold of the three forms of a text."""

from __future__ import annotations

from tests.fuzz.harness import fuzz, instrumented

with instrumented(is_run=__name__ == "__main__"):
    from ingest.values.reading import read_value
    from ingest.values.text import clean, display_form, name_key, without_footnote_marks


def check(text: str) -> None:
    """The forms are stable, printable as UTF-8, and one key belongs to what is shown."""
    shown, key = display_form(text), name_key.__wrapped__(text)
    assert display_form(shown) == shown
    assert clean(shown).steps == ()
    assert name_key.__wrapped__(key) == key
    assert name_key.__wrapped__(shown) == key
    shown.encode("utf-8")
    rest, marks = without_footnote_marks(shown)
    assert (rest, marks) == (shown, ())
    for kind in ("text", "name", "boolean", "url"):
        reading = read_value(kind, text)
        if reading.value is not None:
            assert read_value(kind, reading.value).value == reading.value


if __name__ == "__main__":
    fuzz("text", check)
