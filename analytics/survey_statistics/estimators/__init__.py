"""Estimates with their standard errors, intervals and bases.

Belongs here: proportions, means, totals, ratios, quantiles, differences, and questions with several answers.
Does not belong here: tests (``tables``, ``exact``), SQL (``sample``), variances (``variance``).
"""
