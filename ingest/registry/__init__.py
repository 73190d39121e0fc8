"""The register of identity as files: landed for the warehouse with file and line, and written to safely.

Belongs here: which files there are (``landing``), their bytes (``files``), which decision counts (``register``) and
what a new row must satisfy (``verdict``). Does not belong here: the rules that a build holds the rows to (dbt tests in
``tests/identity``), proposing candidates (``analytics``) and asking a reviewer (``orchestration.review``).
"""
