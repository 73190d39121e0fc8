"""Land all sources without building anything, for work on the models: ``python -m ingest --raw FOLDER [ROOT ...]``.

Roots that are not named are those of ``OBSERVATORY_SOURCES``, as in a build.
"""

import argparse
import os
from pathlib import Path

from ingest.catalog import BUNDLED_SOURCES, is_foreign, read_catalog
from ingest.catalog_landing import land_catalog
from ingest.landing import land_source, remove_other_sources, write_empty_files

parser = argparse.ArgumentParser(prog="python -m ingest")
parser.add_argument("--raw", type=Path, required=True, help="folder for the landed Parquet files")
parser.add_argument("roots", nargs="*", type=Path, help="source roots beside the bundled one")
arguments = parser.parse_args()

named = os.environ.get("OBSERVATORY_SOURCES", "").split(os.pathsep)
roots = arguments.roots or [Path(root) for root in named if root]
catalog = read_catalog([BUNDLED_SOURCES, *roots])
write_empty_files(arguments.raw)
landed = {card.source_id: land_source(card, arguments.raw, is_foreign=is_foreign(card)) for card in catalog.cards}
remove_other_sources(arguments.raw, catalog.cards)
land_catalog(catalog, landed, arguments.raw)
print(f"{len(landed)} sources, {sum(each.rows_read for each in landed.values())} rows")
