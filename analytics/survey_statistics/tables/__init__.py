"""Cross tables and the tests that respect the design.

Belongs here: shares of a table, Rao-Scott, Wald, rank tests, comparisons of pairs. Does not belong here: tests that
assume a simple random sample (``exact``).
"""
