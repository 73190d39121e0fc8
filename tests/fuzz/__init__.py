"""Fuzzing of the readers of values, guided by coverage: ``python -m tests.fuzz.text`` and its neighbours.

Each module has a ``check`` that must hold for every text. Options are those of libFuzzer: ``-max_total_time=60``,
``-runs=100000``, ``-seed=1``. What is found is kept as a line in ``tests/fixtures/fuzz``.
"""
