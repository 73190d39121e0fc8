"""The sample: its design as declared, its structure as found, and the totals that the engine adds up.

Belongs here: everything that touches rows of respondents, by SQL. Does not belong here: any formula of an estimate.
"""
