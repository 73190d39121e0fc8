"""One module per chapter of the report: rows of the released file to tables and charts with their words."""
