"""Arithmetic of shares and intervals as pure functions of counts. No database, no table, no text for readers."""
