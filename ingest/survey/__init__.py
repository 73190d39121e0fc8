"""Exports of survey tools: which tool made a file. The readers of the tools' answers belong here as well."""
