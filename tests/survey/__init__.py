"""Tests of the survey readers: exports of every tool against what was answered."""
