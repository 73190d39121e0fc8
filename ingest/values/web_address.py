"""Web addresses as printed: http and https only, kept as text and never fetched.

Belongs here: what counts as an address. Does not belong here: asking the network about it.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

SCHEMES = ("http", "https")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])?\.?")
# Signs that RFC 3986 does not allow raw and that could leave an attribute or a cell they are put into.
_UNSAFE = re.compile(r"[\s<>\"`{}|\\^\x00-\x1f]")


def read_web_address(text: str) -> tuple[str, tuple[str, ...]]:
    """The address and the steps; an empty address and the reason if it is none.

    ``www.`` without a scheme is read with http. User names in an address (``http://a@b``) are refused: they show
    another host than they open.
    """
    steps: tuple[str, ...] = ()
    address = text
    if not text.isascii() and any(unicodedata.east_asian_width(sign) == "F" for sign in text):
        address, steps = unicodedata.normalize("NFKC", text), ("width_folded",)
    if address[:4].casefold() == "www.":
        address, steps = f"http://{address}", (*steps, "scheme_added:http")
    if _UNSAFE.search(address):
        return "", (*steps, "not_a_web_address")
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "", (*steps, "not_a_web_address")
    if parts.scheme.casefold() not in SCHEMES:
        reason = f"scheme_refused:{parts.scheme}" if parts.scheme else "not_a_web_address"
        return "", (*steps, reason)
    if "@" in parts.netloc or not _HOST.fullmatch(host):
        return "", (*steps, "not_a_web_address")
    return address, steps
