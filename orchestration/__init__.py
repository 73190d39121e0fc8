"""Wiring: assets, checks, job, schedule, sensor, the command, the release. No business rule, no SQL beyond loading."""
