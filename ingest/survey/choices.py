"""Which options a cell names: one by its code or any of its labels, or a list of them joined by the tool.

Belongs here: texts to option numbers. Does not belong here: columns and batches (``decoding``).

A label may hold the very sign that joins the labels, so a list is not cut at its separators: at each place the longest
label that is followed by a separator or the end is taken. What is left over is no option.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.survey.codebook import Option, Question
from ingest.tables.cell_text import fold, one_line

# Codes by which tools mark an "other" that was written in words.
OTHER_CODES = ("-oth-",)
Words = Callable[[Option], Iterator[str]]


@dataclass(frozen=True)
class Picked:
    """The options (numbers from 1, in the order of the cell) that a list names, and the texts that are none of them."""

    options: tuple[int, ...] = ()
    rest: tuple[str, ...] = ()


@dataclass
class Choices:
    """The options of one question by every text that names them. ``more``: texts of old exports to option codes."""

    question: Question
    more: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Collect the texts; one that names two options names none, unless it is the code of one."""
        self.exact: dict[str, int] = {}
        self.folded: dict[str, int] = {}
        self.other = 0
        texts: dict[str, set[int]] = {}
        for number, option in enumerate(self.question.options, start=1):
            self.exact.setdefault(option.code, number)
            if option.is_other and not self.other:
                self.other = number
            for text in _texts(option, self.more):
                texts.setdefault(fold(text), set()).add(number)
        spelled: dict[str, set[int]] = {}
        for number, option in enumerate(self.question.options, start=1):
            spelled.setdefault(fold(option.code), set()).add(number)
        # Codes that only case or width tells apart are known by their exact text alone.
        codes = {text: min(numbers) for text, numbers in spelled.items() if len(numbers) == 1}
        texts = {text: numbers | spelled.get(text, set()) for text, numbers in texts.items()}
        self.ambiguous = {text for text, numbers in texts.items() if len(numbers) > 1 and text not in codes}
        self.folded = {text: min(numbers) for text, numbers in texts.items() if text not in self.ambiguous} | codes
        # Labels of one option that are the code of another: an export of labels would be read as one of codes.
        self.crossed = tuple(sorted(text for text in codes if len(texts.get(text, ())) > 1))
        self.spaced = {_with_blanks(text): self.number(text) for text in self._all_texts()}
        if self.other:
            self.folded |= {fold(code): self.other for code in OTHER_CODES}

    def _all_texts(self) -> Iterator[str]:
        for option in self.question.options:
            yield from (option.code, *_texts(option, self.more))

    def number(self, text: str) -> int:
        """The option that a text names, 0 for none."""
        return self.exact.get(text) or self.folded.get(fold(text), 0)

    def listed(self, text: str, separators: Sequence[str]) -> Picked:
        """The options that a joined list names."""
        options: list[int] = []
        rest: list[tuple[int, int]] = []
        separator = re.compile("|".join(re.escape(each) for each in sorted(separators, key=len, reverse=True)) or r"\Z")
        at, is_open = 0, False
        while at < len(text):
            if found := separator.match(text, at):
                # People write commas in their own words as well: what stands on both sides of one is one text.
                is_open = is_open and found[0].startswith(",")
                at = max(found.end(), at + 1)
                continue
            number, end = self._longest(text, at, separator, is_blank=any(not each.strip() for each in separators))
            if number:
                options.append(number)
            elif is_open:
                rest[-1] = (rest[-1][0], end)
            else:
                rest.append((at, end))
            at, is_open = end, not number
        picked = tuple(dict.fromkeys(options))
        return Picked(picked, tuple(each for start, end in rest if (each := text[start:end].strip())))

    def _longest(self, text: str, start: int, separator: re.Pattern[str], *, is_blank: bool) -> tuple[int, int]:
        """The option with the longest text from ``start`` on, and where it ends; or where the next separator stands.

        ``is_blank``: blanks separate, so that "1 2" is not the option 12.
        """
        ends = [found.start() for found in separator.finditer(text, start)] or []
        ends = [end for end in ends if end > start]
        for end in [len(text), *reversed(ends)]:
            piece = text[start:end].strip()
            if number := self._spaced(piece) if is_blank else self.number(piece):
                return number, end
        return 0, ends[0] if ends else len(text)

    def _spaced(self, text: str) -> int:
        """The option that a text names as it stands, blanks within it included."""
        if len(text.split()) == 1:
            return self.number(text)
        return self.spaced.get(_with_blanks(text), 0)


def _with_blanks(text: str) -> str:
    """Folded but for the blanks between words."""
    return one_line(unicodedata.normalize("NFKC", text).casefold())


def _texts(option: Option, more: Mapping[str, str]) -> Iterator[str]:
    yield from option.labels.values()
    yield from option.aliases
    yield from (text for text, code in more.items() if code == option.code)
