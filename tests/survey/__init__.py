"""Surveys: what the readers of the tools' exports find."""
