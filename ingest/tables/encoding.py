"""Which encoding a text file is in: by its mark, by strict decoding, by expected header words and by what it reads as.

Belongs here: deciding, and saying so when it cannot be decided. Does not belong here: what a word looks like
(``reading_weight``), the table of encodings (``encoding_names``). A file that reads as words in two encodings is
ambiguous; a guess by statistics of letters is never made.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.byte_sample import BLOCK_BYTES, ByteSample, line_of, sample_of
from ingest.tables.encoding_names import EncodingName, encoding_called, known_encodings
from ingest.tables.printed import Hints
from ingest.tables.reading_weight import Weight, weigh

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LONGEST_MARK = max(len(mark) for mark, _ in MARKS)
SHOWN = 40
# One letter of two bytes that is neither Latin, Greek nor basic Cyrillic: as likely a Chinese or Korean character.
RARE_PAIR = re.compile(rb"[\x00-\x7f]*(?:[\xc9-\xcb\xd2-\xdf][\x80-\xbf])[\x00-\x7f]*")
# Two half-width kana and a kanji and nothing else: as likely two Chinese characters.
SHORT_MIXTURE = re.compile(r"[\x00-\x7f]*(?:[ｦ-ﾟ]{1,2}[\u4e00-\u9fff]|[\u4e00-\u9fff][ｦ-ﾟ]{1,2})[\x00-\x7f]*")


@dataclass(frozen=True)
class Encoding:
    """How a file is decoded: Python's name, the mark at its start, and by what it was decided.

    ``certainty``: mark, declared, ascii (nothing but ASCII, the same in all), header words, only reading.
    """

    name: str
    has_mark: bool
    certainty: str
    problems: tuple[Problem, ...] = ()

    @property
    def mark_bytes(self) -> int:
        """How many bytes the mark takes."""
        return next(len(mark) for mark, name in MARKS if name == self.name) if self.has_mark else 0


def decide_encoding(path: Path, hints: Hints) -> Encoding:
    """Decide the encoding of a whole file and decode it strictly to its end.

    Raises:
        SourceError: undecodable as declared or marked, in no known encoding, in several, ambiguous, or with zero
            bytes; each says what was seen, where, and what to do.
    """
    encoding = judge_encoding(path, hints)
    if encoding.certainty != "ascii":
        check_to_the_end(path, encoding)
    return encoding


def judge_encoding(path: Path, hints: Hints) -> Encoding:
    """Decide by the mark, the card and the first lines; who goes on must decode strictly (``check_to_the_end``).

    Raises:
        SourceError: as ``decide_encoding``.
    """
    declared = _declared(path, hints)
    with path.open("rb") as stream:
        start = stream.read(LONGEST_MARK)
    marked = next((name for mark, name in MARKS if start.startswith(mark)), None)
    if marked:
        return _by_mark(path, marked, declared)
    sample = sample_of(path)
    if declared and declared.role == "marked":
        return _noted(path, Encoding(declared.name, False, "declared"))
    if sample.zero_at >= 0:
        return _noted(path, _without_mark(path, sample))
    if declared:
        return _noted(path, _as_declared(path, sample, declared))
    if not sample.lines:
        is_seven_bit = sample.escape_at >= 0 and _decoded(sample.head, "iso2022_jp") is not None
        return _noted(path, Encoding("iso2022_jp", False, "only reading") if is_seven_bit else ASCII)
    return _noted(path, Encoding(*_chosen(path, sample, hints)))


ASCII = Encoding("utf-8", False, "ascii")


def check_to_the_end(path: Path, encoding: Encoding) -> None:
    """Decode a whole file strictly, in blocks.

    Raises:
        SourceError: a byte that the encoding does not have, with its place.
    """
    decoder = codecs.getincrementaldecoder(encoding.name)("strict")
    done = encoding.mark_bytes
    with path.open("rb") as stream:
        stream.seek(done)
        while True:
            block = stream.read(BLOCK_BYTES)
            refuse_zero_bytes(path, encoding, block, done)
            kept = len(decoder.getstate()[0])
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise broken(path, encoding, done - kept + error.start) from error
            if not block:
                return
            done += len(block)


def check_for_zero_bytes(path: Path, encoding: Encoding) -> None:
    """Look through a file whose decoding somebody else checks.

    Raises:
        SourceError: a zero byte, with its place.
    """
    with path.open("rb") as stream:
        start = 0
        while block := stream.read(BLOCK_BYTES):
            refuse_zero_bytes(path, encoding, block, start)
            start += len(block)


def refuse_zero_bytes(path: Path, encoding: Encoding, block: bytes, start: int) -> None:
    """Refuse a zero byte in a block that stands at the byte ``start``; in UTF-16 and UTF-32 they belong to the text.

    Raises:
        SourceError: with the place of the first.
    """
    if known_encodings()[encoding.name].role != "marked" and b"\0" in block:
        raise _zero_byte(path, start + block.index(b"\0"))


def _zero_byte(path: Path, byte: int) -> SourceError:
    return SourceError([problem("text_zero_byte", Place(path.name, line=line_of(path, byte), byte=byte + 1))])


def broken(path: Path, encoding: Encoding, byte: int) -> SourceError:
    """What to tell of a byte (from 0) that the encoding of a file does not have."""
    from ingest.tables.mixed_encoding import mixed_or_unknown

    name = known_encodings()[encoding.name]
    place = Place(path.name, line=0 if name.role == "marked" else line_of(path, byte), byte=byte + 1)
    if encoding.certainty == "mark":
        return SourceError([problem("encoding_mark_wrong", place, encoding=name.english, encoding_ja=name.japanese)])
    if encoding.certainty == "declared":
        return SourceError([_declared_wrong(place, name)])
    return mixed_or_unknown(path, sample_of(path), byte)


def _declared_wrong(place: Place, name: EncodingName) -> Problem:
    return problem("encoding_declared_wrong", place, encoding=name.english, encoding_ja=name.japanese)


def _noted(path: Path, encoding: Encoding) -> Encoding:
    """The encoding with what it says to the officer: nothing for UTF-8."""
    if encoding.name == "utf-8":
        return encoding
    name = known_encodings()[encoding.name]
    said = problem("encoding_read", Place(path.name), encoding=name.english, encoding_ja=name.japanese)
    return Encoding(encoding.name, encoding.has_mark, encoding.certainty, (said,))


def _declared(path: Path, hints: Hints) -> EncodingName | None:
    if not hints.encoding:
        return None
    known = encoding_called(hints.encoding)
    if known is None:
        names = ", ".join(known_encodings())
        raise SourceError([problem("encoding_not_known", Place(path.name), encoding=hints.encoding, known=names)])
    return known


def _by_mark(path: Path, name: str, declared: EncodingName | None) -> Encoding:
    if declared and declared.name.rpartition("-")[0] != name.rpartition("-")[0] and declared.name != name:
        marked = known_encodings()[name]
        raise SourceError(
            [
                problem(
                    "encoding_mark_against_card", Place(path.name, byte=1),
                    marked=marked.english, marked_ja=marked.japanese,
                    declared=declared.english, declared_ja=declared.japanese,
                )
            ]
        )  # fmt: skip
    return _noted(path, Encoding(name, True, "mark"))


def _without_mark(path: Path, sample: ByteSample) -> Encoding:
    """UTF-16 without its mark, when the zero bytes all stand at one side of the pairs and the text reads as words."""
    even, odd = sample.head[0::2].count(0), sample.head[1::2].count(0)
    for name, here, there in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        # A file cut at the sample may end within a pair; a whole one may not.
        is_cut = path.stat().st_size > len(sample.head)
        text = _decoded(sample.head[: len(sample.head) // 2 * 2] if is_cut else sample.head, name)
        if here and not there and 20 * here >= len(sample.head) and text is not None and "\0" not in text:
            weight = weigh(text, "unicode")
            if weight.is_plausible or text.isascii():
                return Encoding(name, False, "only reading")
    raise _zero_byte(path, sample.zero_at)


def _as_declared(path: Path, sample: ByteSample, declared: EncodingName) -> Encoding:
    """The declared encoding, unless its reading is odd where UTF-8 or CP932 reads as words."""
    text = _decoded(sample.text, declared.name)
    if text is not None and not weigh(text, declared.family).is_plausible and sample.lines:
        others = _weights(sample.text, (name for name in ("utf-8", "cp932") if name != declared.name))
        for other, weight in others.items():
            if weight.is_plausible and weight.n_odd == 0 and weight.n_good >= 2:
                name = known_encodings()[other]
                raise SourceError(
                    [
                        problem(
                            "encoding_declared_odd", Place(path.name, line=line_of(path, sample.starts[0])),
                            encoding=declared.english, encoding_ja=declared.japanese,
                            other=name.english, other_ja=name.japanese,
                            reading=_shown(text), reading_other=_shown(_decoded(sample.text, other) or ""),
                        )
                    ]
                )  # fmt: skip
    return Encoding(declared.name, False, "declared")


def _chosen(path: Path, sample: ByteSample, hints: Hints) -> tuple[str, bool, str]:
    """Name, mark and certainty for a file with bytes beyond ASCII, without mark and undeclared.

    Raises:
        SourceError: ambiguous, mixed or unknown.
    """
    from ingest.tables.mixed_encoding import mixed_or_unknown, strange_line

    detected = [each.name for each in known_encodings().values() if each.role == "detected"]
    weights = _weights(sample.text, detected)
    by_words = [name for name in weights if _has_words(_decoded(sample.text, name) or "", hints)]
    if len(by_words) == 1 and weights[by_words[0]].n_odd <= weights[by_words[0]].n_good:
        name, certainty = by_words[0], "header words"
    else:
        likely = [name for name, weight in weights.items() if _is_likely(name, weight, sample.text)]
        if not likely:
            raise mixed_or_unknown(path, sample)
        name, certainty = next(iter(likely)), "only reading"
        rivals = _rivals(sample, name, weights)
        if rivals:
            raise SourceError([_ambiguous(path, sample, (name, *rivals))])
    if name != "utf-8" and strange_line(sample, name) is not None:
        raise mixed_or_unknown(path, sample)
    return name, False, certainty


def _weights(text: bytes, names: Iterable[str]) -> Mapping[str, Weight]:
    """What each encoding that takes all the bytes makes of them."""
    readings = ((name, _decoded(text, name)) for name in names)
    families = {name: known.family for name, known in known_encodings().items()}
    return {name: weigh(read, families[name]) for name, read in readings if read is not None}


def _is_likely(name: str, weight: Weight, text: bytes) -> bool:
    """Whether a reading may be chosen. EUC-JP shares its bytes with Chinese and Korean, so it must show kana.

    Two characters of three bytes make UTF-8 likely even in odd words: other text does not fall into that form.
    """
    if name == "utf-8" and _n_long(text) >= 2 and weight.n_odd <= 3 * weight.n_good:
        return True
    if name == "utf-8" and RARE_PAIR.fullmatch(text):
        return False
    return weight.is_plausible and (name != "euc_jp" or 5 * weight.n_kana >= weight.n_wide > 0)


def _rivals(sample: ByteSample, name: str, weights: Mapping[str, Weight]) -> list[str]:
    """Other encodings in which the bytes read as words as well, unless the reading chosen is beyond doubt."""
    if name == "utf-8" and _n_long(sample.text) >= 2:
        return [each for each, weight in weights.items() if each != name and _is_beyond_doubt(weight)]
    rivals = [each for each, weight in weights.items() if each != name and weight.is_plausible]
    # Bytes that are all valid UTF-8 are letters of no alphabet of one byte each.
    if name == "utf-8" or _is_beyond_doubt(weights[name]):
        return rivals
    doubts = [each.name for each in known_encodings().values() if each.role == "doubt"]
    if name == "cp932" and SHORT_MIXTURE.fullmatch(sample.text.decode(name)):
        doubts.append("gb18030")
    others = _weights(sample.text, doubts).items()
    return rivals + [each for each, weight in others if weight.is_plausible and weight.n_telling]


def _is_beyond_doubt(weight: Weight) -> bool:
    return weight.n_odd == 0 and weight.n_wide >= 6 and weight.n_kana >= 2


def _n_long(text: bytes) -> int:
    """Characters of three or four bytes in valid UTF-8."""
    return sum(text.count(bytes([lead])) for lead in range(0xE0, 0xF5))


def _has_words(text: str, hints: Hints) -> bool:
    """Whether the text holds an expected header word that is more than ASCII and more than one character."""
    words = {word.strip() for word in (*hints.headers, *hints.words)}
    return any(sum(not sign.isascii() for sign in word) >= 2 and word in text for word in words)


def _ambiguous(path: Path, sample: ByteSample, names: Iterable[str]) -> Problem:
    (first, *_), known = list(names), known_encodings()
    second = list(names)[1]
    line = sample.lines[0]
    return problem(
        "encoding_ambiguous", Place(path.name, line=line_of(path, sample.starts[0])),
        first=known[first].english, first_ja=known[first].japanese, reading=_shown(_decoded(line, first) or ""),
        second=known[second].english, second_ja=known[second].japanese,
        reading_second=_shown(_decoded(line, second) or ""),
    )  # fmt: skip


def _shown(text: str) -> str:
    """The first part of a text that is more than ASCII."""
    start = next((place for place, sign in enumerate(text) if not sign.isascii()), 0)
    return text[max(0, start - SHOWN // 2) : start + SHOWN].split("\n")[0]


def _decoded(text: bytes, name: str) -> str | None:
    try:
        return text.decode(name)
    except UnicodeDecodeError:
        return None
