"""Readers, one module for each survey tool, and the table of them."""
