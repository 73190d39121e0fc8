"""Design-based statistics of surveys: estimates, tables and tests from weighted totals that the engine adds up.

Belongs here: what a survey sample says and how sure it is. Does not belong here: counts of registers and lists
(``analytics.statistics``), and what is published of it (``topics``).

`sample` reads the design and asks the engine for totals; `variance` turns totals into covariances; `estimators`,
`tables` and `exact` into estimates and tests; `weighting` makes weights; `disclosure` decides what may be shown.
"""
