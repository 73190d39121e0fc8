"""From a name or a number back to what it rests on, and forward to everything that uses it.

Belongs here: reading a release's own tables for one thing at a time. Does not belong here: how it is shown.
"""
