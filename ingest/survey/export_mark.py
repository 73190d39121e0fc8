"""The hash of a source's file as a release tells it: of a survey whose answers are withheld it is keyed.

Belongs here: the mark and the check against it. Does not belong here: the key (``pseudonym``).

Whoever knows all answers of a small survey but a few could try these until the plain SHA-256 of the export fits. HMAC
(RFC 2104) with the key of the home tells as well whether a file is the one that was read, to the owner alone.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from ingest.source_card import SourceCard
from ingest.survey.pseudonym import key_of
from ingest.survey.wave_card import PUBLISHED, wave_card

PURPOSE = b"export of a withheld survey\0"


def published_hash(card: SourceCard, home: Path) -> str:
    """SHA-256 of the file of a card; of a wave whose answers are withheld HMAC-SHA-256 of that, 64 digits either way.

    Raises:
        SourceError: the key of the home cannot be used.
    """
    plain = str(card.content["sha256"])
    if not card.is_wave or wave_card(card).microdata == PUBLISHED:
        return plain
    key = key_of(home, is_synthetic=card.is_synthetic)
    return hmac.new(key, PURPOSE + bytes.fromhex(plain), hashlib.sha256).hexdigest()
