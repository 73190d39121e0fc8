"""The register of identity as files: clusters.csv and decisions.csv, read with line numbers and written safely.

Belongs here: what a row of the register is, which decision counts, what a new row must satisfy, and how it gets into
a file that others read and edit by hand. Does not belong here: landing the register for the warehouse
(``ingest.register``), proposing candidates (``analytics``) and asking a reviewer (``orchestration.review``).
"""
