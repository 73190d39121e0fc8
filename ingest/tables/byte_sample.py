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
HIGH_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")


@dataclass(frozen=True)
class ByteSample:
    """What was seen of a file. ``lines`` are those with bytes beyond ASCII, ``starts`` the bytes at which they start.

    ``head`` are the file's first bytes; ``is_whole`` whether ``lines`` are all such lines of the file; ``nul_at`` the
    first zero byte, ``escape_at`` the first escape sign (-1: none).
    """

    head: bytes
    lines: tuple[bytes, ...]
    starts: tuple[int, ...]
    is_whole: bool
    nul_at: int
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


def sample_of(path: Path) -> ByteSample:
    """Look through a whole file for what its encoding is judged by; memory stays at a few blocks."""
    lines: list[bytes] = []
    starts: list[int] = []
    size, is_whole, nul_at, escape_at = 0, True, -1, -1
    head = b""
    for start, block in blocks(path):
        head = head or block[:SAMPLE_BYTES]
        nul_at = _first(block, b"\0", start, nul_at)
        escape_at = _first(block, b"\x1b$", start, escape_at)
        if not block.isascii() and is_whole:
            for match in HIGH_LINE.finditer(block):
                if size > SAMPLE_BYTES:
                    is_whole = False
                    break
                lines.append(match[0])
                starts.append(start + match.start())
                size += len(match[0])
    return ByteSample(head, tuple(lines), tuple(starts), is_whole, nul_at, escape_at)


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
