"""The codebook of each survey wave in a release: for people (HTML), archives (DDI) and programs (Table Schema)."""

from analytics.codebook.files import write_codebooks
from analytics.codebook.table_schema import wide_table_fields

__all__ = ["wide_table_fields", "write_codebooks"]
