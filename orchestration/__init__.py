"""Wiring: assets, checks, jobs, schedules, sensors, the command and the release. No business rule and no SQL beyond loading."""
