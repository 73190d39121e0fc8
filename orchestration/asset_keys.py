"""Names that several parts of the wiring share.

Belongs here: asset keys and the name of the shared resource. Does not belong here: what stands behind them.
"""

import dagster as dg

from ingest.source_card import SourceCard

CATALOG_KEY = dg.AssetKey(["raw", "catalog"])
CANDIDATE_KEY = dg.AssetKey(["release_candidate"])
RELEASE_KEY = dg.AssetKey(["release"])
# Every step needs it, so that two runs never write into one folder.
OUTPUT_FOLDER = "output_folder"


def raw_key(card: SourceCard) -> dg.AssetKey:
    """``raw/<family>/<edition>``."""
    return dg.AssetKey(["raw", card.family, card.edition])


def estimate_key(topic: str) -> dg.AssetKey:
    """``stats/<table>``."""
    return dg.AssetKey(["stats", topic])
