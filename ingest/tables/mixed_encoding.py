"""A text file of which no one encoding makes words: several encodings in one file, or none that is known.

Belongs here: telling the two apart line by line, with the first byte that breaks the rest. Does not belong here:
deciding the encoding of a sound file (``encoding``).
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.tables.byte_sample import ByteSample, blocks, high_lines, line_at, line_of
from ingest.tables.encoding_names import known_encodings
from ingest.tables.reading_weight import weigh

LINES_LOOKED_AT = 2_000
# Two characters of UTF-8 kana or kanji, one behind the other.
UTF_8 = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}){2}")
READINGS = ("utf-8", "cp932", "euc_jp")


def strange_line(sample: ByteSample, name: str) -> int | None:
    """The first byte of a line that reads as words in UTF-8 alone although the file is in the encoding named."""
    for start, line in zip(sample.starts, sample.lines, strict=True):
        if UTF_8.search(line) and _readings(line)[:1] == ["utf-8"] and name not in _readings(line):
            return start
    return None


def mixed_or_unknown(path: Path, sample: ByteSample, broken_at: int = 0) -> SourceError:
    """What to tell of a file that no encoding reads: mixed when most lines read in one and others do not.

    ``broken_at`` is a byte (from 0) known to break the encoding of the first lines.
    """
    lines = _lines(path)
    if lines and broken_at > lines[-1][0] + len(lines[-1][1]):
        lines.append(line_at(path, broken_at))
    counted = Counter(name for _, line in lines for name in _readings(line)[:1])
    for name, n_lines in counted.most_common(1):
        strange = next(((start, line) for start, line in lines if name not in _readings(line)), None)
        others = len(lines) - n_lines
        if strange and n_lines >= others:
            byte = _first_odd(strange, name)
            known = known_encodings()[name]
            reading = next(iter(_readings(strange[1])), "")
            other = known_encodings().get(reading)
            named = (other.english, other.japanese) if other else ("another", "別の文字コード")
            return SourceError(
                [
                    problem(
                        "encoding_mixed", Place(path.name, line=line_of(path, byte), byte=byte + 1),
                        encoding=known.english, encoding_ja=known.japanese, n_lines=n_lines, n_others=others,
                        other=named[0], other_ja=named[1],
                    )
                ]
            )  # fmt: skip
    start, line = lines[0] if lines else (0, sample.head[:80])
    byte = start + next((place for place, each in enumerate(line) if each > 127), 0)
    guesses = [
        f"{each.english}: {line.decode(each.name, 'replace')[:30]}"
        for each in known_encodings().values()
        if each.role in {"doubt", "detected"} and _reads(line, each.name)
    ]
    return SourceError(
        [
            problem(
                "encoding_unknown", Place(path.name, line=line_of(path, byte), byte=byte + 1),
                bytes=line[byte - start : byte - start + 8].hex(" "),
                guesses="; ".join(guesses[:3]) or "none", guesses_ja="、".join(guesses[:3]) or "なし",
            )
        ]
    )  # fmt: skip


def _lines(path: Path) -> list[tuple[int, bytes]]:
    """The first lines with bytes beyond ASCII, each with the byte that it starts at."""
    found: list[tuple[int, bytes]] = []
    for start, block in blocks(path):
        for place, line in high_lines(block):
            found.append((start + place, line))
            if len(found) == LINES_LOOKED_AT:
                return found
    return found


def _readings(line: bytes) -> list[str]:
    """The encodings in which a line reads as words, UTF-8 first."""
    return [name for name in READINGS if _reads(line, name)]


def _reads(line: bytes, name: str) -> bool:
    try:
        weight = weigh(line.decode(name), known_encodings()[name].family)
    except UnicodeDecodeError:
        return False
    return weight.n_odd == 0 and (weight.n_good > 0 or name == "utf-8") and (name != "euc_jp" or weight.n_kana > 0)


def _first_odd(strange: tuple[int, bytes], name: str) -> int:
    """The first byte of a line that cannot be decoded; of one that can, its first beyond ASCII."""
    start, line = strange
    try:
        line.decode(name)
    except UnicodeDecodeError as error:
        return start + error.start
    return start + next(place for place, each in enumerate(line) if each > 127)
