"""The fast search finds what the plain one finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.tables.byte_search import holds

SIGNS = st.lists(st.sampled_from([b"<", b"!", b"=", b"'", b"c", b"e", b"f", b"t", b"1"])).map(b"".join)


@given(SIGNS, SIGNS.filter(bool))
def test_it_is_the_same_as_in(data: bytes, sign: bytes) -> None:
    assert holds(data, sign) == (sign in data)
    assert holds(data + sign + data, sign)
