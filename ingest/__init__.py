"""Bytes to printed rows. What belongs here: cards, readers, text as printed. No database, no pipeline, no judgement."""
