"""Weights: adjustment for non-response, post-stratification, raking, calibration, trimming, and what they do to
standard errors.

Belongs here: how weights are made and checked. Does not belong here: how weighted numbers are estimated.
"""
