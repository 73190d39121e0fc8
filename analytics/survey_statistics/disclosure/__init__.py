"""What of a survey table may be shown without telling about a single respondent.

Belongs here: primary rules, complementary suppression, the audit of everything published. Does not belong here:
counts of public registers, which are exempt and marked so by whoever publishes them.
"""
