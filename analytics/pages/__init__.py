"""The released file to static HTML. Belongs here: layout, words and charts. No number that a table lacks."""

from analytics.pages.dictionary import write_dictionary
from analytics.pages.report import write_report

__all__ = ["write_dictionary", "write_report"]
