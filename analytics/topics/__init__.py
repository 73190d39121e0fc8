"""One module per table of the `stats` schema: a query that counts, an interval, a row. No page, no file."""
