"""Reviewing: a person decides which cluster a mention is.

Belongs here: what is still to decide, the terminal screen, worklists that travel, and writing through the register.
Does not belong here: proposing candidates (``analytics``) and the files of the register (``ingest.registry``).
"""
