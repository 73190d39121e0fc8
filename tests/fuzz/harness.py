"""From the bytes that a fuzzer makes to texts that a cell could hold.

Belongs here: running a check under atheris, and the kept findings. Does not belong here: what must hold.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "fixtures" / "fuzz"
# Signs that readers of values treat in a way of their own; a byte of the fuzzer chooses one.
SIGNS = (
    "0123456789０１２５.,，．'-－−–ー〜～~▲△()（）[]%％/:; 　\t\nEe+約余超社名円億万千百十〇一二三四元①²³ⁿ※*†注…x"
    "年度月日春夏秋冬平成令和昭正明治MTSHRmtshrFYQqfy第半期末現在土曜火JanuaryDecember"
    "ｱｶﾞがカ゛゜髙國𠮷㈱㍻㋿\u200b\u202e\ufeff\u00a0\u00ad\u0301\U000e0100\x00éİßﬃ"
)


def instrumented(*, is_run: bool) -> AbstractContextManager[object]:
    """Within it the readers are imported so that the fuzzer sees each branch; a test that only checks needs none."""
    if not is_run:
        return nullcontext()
    import atheris

    instrument: AbstractContextManager[object] = atheris.instrument_imports(include=["ingest.values"])
    return instrument


def text_of(data: bytes) -> str:
    """A text from a fuzzer's bytes: the first says whether the others are UTF-8 or choose from ``SIGNS``."""
    if not data:
        return ""
    if data[0] % 2:
        return data[1:].decode("utf-8", errors="surrogateescape")
    return "".join(SIGNS[byte % len(SIGNS)] for byte in data[1:])


def bytes_of(text: str) -> bytes:
    """Bytes that ``text_of`` turns into the text, as a first input for the fuzzer."""
    return b"\x01" + text.encode("utf-8", errors="surrogateescape")


def kept(name: str) -> list[str]:
    """The texts that were found or are known to be hard, one JSON text on each line."""
    lines = (FIXTURES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def fuzz(name: str, check: Callable[[str], None]) -> None:
    """Run the check until an option of libFuzzer ends it; a finding ends the process with its input as a JSON text."""
    import atheris

    def one_input(data: bytes) -> None:
        text = text_of(data)
        try:
            check(text)
        except Exception:
            sys.stderr.write(f"\n{json.dumps(text)}\n")
            raise

    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(kept(name)):
            (Path(folder) / f"{number}").write_bytes(bytes_of(text))
        atheris.Setup([*sys.argv, f"-artifact_prefix={folder}/", "-max_len=64", folder], one_input)
        atheris.Fuzz()
