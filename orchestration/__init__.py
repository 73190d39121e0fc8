"""Wiring: assets, checks, job, schedule, sensor, the command and the release. No business rule, no SQL beyond loading."""
