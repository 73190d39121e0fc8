"""Pseudonyms and their key, the store of identities, free texts with contact data."""

from __future__ import annotations

import hashlib
import hmac
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.personal import MASKED
from ingest.problem import Outcome, SourceError
from ingest.restricted import make_store_folder, restricted_path
from ingest.survey.free_text import REDACTED, redacted
from ingest.survey.identity_store import FREE_TEXT, identity_store, remove_responses
from ingest.survey.pseudonym import SYNTHETIC_KEY, key_id, key_of, key_path, pseudonyms, read_key
from tests.faults.told import told

KEY = bytes(range(32))
NUMBER = "-".join(("078", "222", "3333"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_pseudonym_is_an_hmac_of_purpose_and_value() -> None:
    """RFC 2104, written out with the block size of SHA-256."""
    padded = KEY.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + b"token\0Ab1").digest()
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded) + inner).hexdigest()
    assert pseudonyms(pa.array(["Ab1"]), KEY, "token").to_pylist() == [outer[:16]]
    assert outer == hmac.new(KEY, b"token\0Ab1", "sha256").hexdigest()


def test_blanks_and_case_of_an_address_do_not_count_and_those_of_a_token_only_as_far() -> None:
    mails = pseudonyms(
        pa.array(["mihon@example.org".upper(), " mihon@example.org\n", "other@example.org"]), KEY, "email"
    )
    assert mails[0] == mails[1] != mails[2]
    tokens = pseudonyms(pa.array(["aB1", "ab1", " aB1"]), KEY, "token")
    assert tokens[0] == tokens[2] != tokens[1]


def test_nothing_stays_null_and_purposes_and_keys_are_apart() -> None:
    values = pa.array(["x", None, "", "  "])
    found = [pseudonyms(values, key, purpose).to_pylist() for key in (KEY, KEY[::-1]) for purpose in ("token", "name")]
    assert {tuple(row[1:]) for row in found} == {(None, None, None)}
    assert len({row[0] for row in found}) == 4


def test_the_form_of_the_column_does_not_matter() -> None:
    plain = pa.array(["a", None, "b", "a", ""])
    want = pseudonyms(plain, KEY, "token").to_pylist()
    assert pseudonyms(plain.dictionary_encode(), KEY, "token").to_pylist() == want
    assert pseudonyms(pa.chunked_array([plain[:2], plain[2:]]), KEY, "token").to_pylist() == want
    assert want[0] == want[3]


def test_a_home_makes_its_key_once_and_for_itself_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_key(tmp_path, {}), range(16)))
    assert len(keys) == 1
    assert len(keys.pop()) == 32
    path = key_path(tmp_path)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert read_key(tmp_path, {}) != read_key(tmp_path / "other", {})


def test_the_key_of_synthetic_surveys_is_the_same_in_every_home(tmp_path: Path) -> None:
    assert key_of(tmp_path, is_synthetic=True) == SYNTHETIC_KEY
    assert not key_path(tmp_path).exists()
    assert key_id(SYNTHETIC_KEY) != key_id(KEY)
    assert key_id(KEY) not in KEY.hex()


def test_a_key_that_is_named_is_never_made(tmp_path: Path) -> None:
    named = {"OBSERVATORY_PSEUDONYM_KEY_FILE": str(tmp_path / "mounted.key")}
    with pytest.raises(SourceError) as missing:
        read_key(tmp_path, named)
    told(missing.value.problems, "survey_key_missing", Outcome.STOP, ["mounted.key"], ["鍵がありません"])
    (tmp_path / "mounted.key").write_bytes(KEY)
    assert read_key(tmp_path, named) == KEY
    assert not key_path(tmp_path).exists()


def test_a_damaged_key_stops_and_stays(tmp_path: Path) -> None:
    read_key(tmp_path, {})
    key_path(tmp_path).write_bytes(b"half")
    with pytest.raises(SourceError) as damaged:
        read_key(tmp_path, {})
    told(damaged.value.problems, "survey_key_damaged", Outcome.STOP, ["4 bytes"], ["4バイト"])
    assert key_path(tmp_path).read_bytes() == b"half"


def test_identities_are_kept_by_response_and_role(tmp_path: Path) -> None:
    path = restricted_path(tmp_path, "mihon-2020", "0" * 64)
    numbers = pa.array([1, 2, 3], pa.int32())
    make_store_folder(path)
    with identity_store(path) as store:
        store.add("email", "E-mail", numbers, pa.array(["mihon@example.org", "", None]))
        store.add("token", "Token", numbers, pa.array(["t1", "t2", ""]).dictionary_encode())
        store.add(FREE_TEXT, "Remarks", numbers[2:], pa.array([f"call {NUMBER}"]))
    assert [tuple(row.values()) for row in pq.read_table(path).to_pylist()] == [
        (1, "email", "E-mail", "mihon@example.org"), (1, "token", "Token", "t1"), (2, "token", "Token", "t2"),
        (3, "free_text", "Remarks", f"call {NUMBER}"),
    ]  # fmt: skip
    assert [mode(each) for each in (path, path.parent, path.parent.parent)] == [0o600, 0o700, 0o700]
    said = store.problems("export.csv")
    told(said, "survey_identity_kept_apart", Outcome.FIX, ["'E-mail'", "1 filled"], ["「E-mail」", "1個"])
    told(said, "survey_text_redacted", Outcome.WARN, ["'Remarks'", "number: 1"], ["「Remarks」", "1件"])
    assert len(said) == 3
    assert not [each for each in said if "mihon" in str(each) + each.japanese or NUMBER in str(each) + each.japanese]
    remove_responses(path, pa.array([1, 3]))
    assert pq.read_table(path).column("value").to_pylist() == ["t2"]
    assert mode(path) == 0o600


def test_a_store_without_identities_or_with_an_error_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "identities.parquet"
    with identity_store(path) as store:
        store.add("email", "E-mail", pa.array([1]), pa.array([""]))
    broken = pa.array([["no", "text"]])
    with pytest.raises(pa.ArrowNotImplementedError), identity_store(path) as store:
        store.add("email", "E-mail", pa.array([1]), broken)
    assert list(path.parent.iterdir()) == []


def test_a_text_with_contact_data_is_withheld_as_a_whole() -> None:
    harmless = ["more training", None, "", "2019-2020, 12 500 EUR"]
    texts = pa.array(["ask Hanako Mihon: mihon@example.org", *harmless, f"電話は{NUMBER}"])
    covered, mask = redacted(texts)
    assert mask.to_pylist() == [True, False, False, False, False, True]
    assert covered.to_pylist() == [REDACTED, *harmless, REDACTED]
    assert redacted(pa.chunked_array([texts[:1], texts[1:]]))[0].to_pylist() == covered.to_pylist()
    assert redacted(pa.array([], pa.string()))[1].to_pylist() == []


PIECES = st.sampled_from(
    [
        *("mihon", "@", "＠", "example", ".", "org", " at ", " dot ", "[at]", "(アット)", "★", "_at_", "tel", "電話"),
        *("内線", "ext. ", "0", "3", "12", "078", "3333", "-", " ", "+", "(", ")", "/", "０７８", "－", "\n", "の"),
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=12).map("".join))
def test_the_cheap_test_passes_by_nothing_that_the_patterns_find(text: str) -> None:
    _, mask = redacted(pa.array([text]))
    if MASKED.search(text):
        assert mask.to_pylist() == [True]
