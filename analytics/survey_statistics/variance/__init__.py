"""Covariances of totals under a design.

Belongs here: linearised and replicate variances, degrees of freedom, lonely units. Does not belong here: SQL, rows.
"""
