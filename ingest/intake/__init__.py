"""From the drop folder to accepted editions or to quarantine with a report. No warehouse, no pipeline."""
