"""Facts to numbers and pages. Reads marts, reports and stats only; knows no pipeline, no source file, no raw row."""
