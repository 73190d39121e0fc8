"""The bytes of a text file that its encoding is judged by: the lines that hold more than ASCII, and odd bytes.

Belongs here: reading a file in blocks, cutting at line ends, telling where a byte stands. Does not belong here:
decoding (``encoding``). Line ends and ASCII mean the same in every encoding looked at but UTF-16 and UTF-32.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK_BYTES = 1 << 22
# Enough text for any judgement; a larger file is judged by its first lines and then decoded strictly to its end.
SAMPLE_BYTES = 1 << 18
HIGH = re.compile(rb"[\x80-\xff]")
LINE_END = re.compile(rb"[\r\n]|$")


@dataclass(frozen=True)
class ByteSample:
    """What was seen of a file. ``lines`` are those with bytes beyond ASCII, ``starts`` the bytes at which they start.

    ``head`` are the file's first bytes; ``zero_at`` is the first zero byte, ``escape_at`` the first escape sign (-1:
    none). Looking ends when there are lines enough, so what stands behind them is for whoever decodes the file.
    """

    head: bytes
    lines: tuple[bytes, ...]
    starts: tuple[int, ...]
    zero_at: int
    escape_at: int

    @property
    def text(self) -> bytes:
        """The lines in one."""
        return b"\n".join(self.lines)


def blocks(path: Path, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """The file in blocks cut behind a line feed where there is one, each with the byte that it starts at."""
    with path.open("rb") as stream:
        stream.seek(start)
        rest = b""
        while block := stream.read(BLOCK_BYTES):
            block = rest + block
            cut = block.rfind(b"\n") + 1 or (len(block) if len(block) > 4 * BLOCK_BYTES else 0)
            rest = block[cut:]
            if cut:
                yield start, block[:cut]
                start += cut
        if rest:
            yield start, rest


def high_lines(block: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines of a block that hold more than ASCII, each with its place in the block."""
    end = 0
    while high := HIGH.search(block, end):
        start = max(block.rfind(b"\n", end, high.start()), block.rfind(b"\r", end, high.start())) + 1 or end
        ended = LINE_END.search(block, high.end())
        end = ended.start() if ended else len(block)
        yield start, block[start:end]


def sample_of(path: Path) -> ByteSample:
    """Look through a file until there is enough to judge its encoding by; memory stays at a few blocks."""
    lines: list[bytes] = []
    starts: list[int] = []
    size, zero_at, escape_at = 0, -1, -1
    head = b""
    for start, block in blocks(path):
        head = head or block[:SAMPLE_BYTES]
        zero_at = _first(block, b"\0", start, zero_at)
        escape_at = _first(block, b"\x1b", start, escape_at)
        if block.isascii():
            continue
        for place, line in high_lines(block):
            lines.append(line)
            starts.append(start + place)
            size += len(line)
            if size > SAMPLE_BYTES:
                return ByteSample(head, tuple(lines), tuple(starts), zero_at, escape_at)
    return ByteSample(head, tuple(lines), tuple(starts), zero_at, escape_at)


def _first(block: bytes, wanted: bytes, start: int, known: int) -> int:
    place = -1 if known >= 0 else block.find(wanted)
    return start + place if place >= 0 else known


def line_of(path: Path, byte: int) -> int:
    """The line, from 1, on which a byte (from 0) stands; a carriage return alone ends a line as well."""
    line, last = 1, b""
    with path.open("rb") as stream:
        while byte > 0 and (block := stream.read(min(byte, BLOCK_BYTES))):
            line += len(re.findall(rb"\r\n|\n|\r", block)) - (last == b"\r" and block[:1] == b"\n")
            byte, last = byte - len(block), block[-1:]
        if last == b"\r" and stream.read(1) == b"\n":
            line -= 1
    return line


def line_at(path: Path, byte: int) -> tuple[int, bytes]:
    """Where the line of a byte (from 0) starts, and its bytes; of an endless line the part around the byte."""
    first = max(0, byte - SAMPLE_BYTES)
    with path.open("rb") as stream:
        stream.seek(first)
        around = stream.read(2 * SAMPLE_BYTES)
    start = max(around.rfind(b"\n", 0, byte - first), around.rfind(b"\r", 0, byte - first)) + 1
    end = LINE_END.search(around, byte - first)
    return first + start, around[start : end.start() if end else None]
