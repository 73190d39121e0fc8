"""Arithmetic of shares, durations and paired tables as pure functions of numbers. No database, no text for readers."""
