"""Tests of the survey statistics: against R, by hand, and by what must hold for every sample."""
