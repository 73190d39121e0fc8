"""How large a foreign file may be, and how much the process that parses it may use.

Belongs here: the numbers and why they are so. Does not belong here: enforcing them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits for one file. Bytes, seconds of processor time, counts."""

    # A national mapping is below 1 MB; a survey of a million answers below 1 GB.
    file_bytes: int = 2_000_000_000
    # What the parts of an archive may add up to, as declared and as really unpacked.
    unpacked_bytes: int = 4_000_000_000
    # Deflate reaches about 1,000 for zeros; sheets of real text stay below 30.
    unpacked_ratio: int = 150
    # Below this size a high ratio harms nobody: an empty sheet compresses well.
    ratio_free_bytes: int = 10_000_000
    entries: int = 10_000
    # The list of parts at the end of an archive: 10,000 entries with long names.
    directory_bytes: int = 8_000_000
    sheets: int = 256
    columns: int = 16_384
    # Cells from A1 to the last one: readers keep the whole block in memory, however empty it is.
    cells: int = 100_000_000
    # A reader makes a cell of each place in a merge; the prefectures of a long list merge some thousands.
    merged_cells: int = 1_000_000
    # What a spreadsheet program itself allows in one cell.
    cell_characters: int = 32_767
    memory_bytes: int = 4_000_000_000
    processor_seconds: int = 300
    wall_seconds: int = 600


LIMITS = Limits()
