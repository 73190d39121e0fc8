"""How machine-readable a table is, rule by rule, with the cells that break each. No card and no warehouse."""
