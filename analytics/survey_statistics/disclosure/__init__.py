"""What of a survey table may be shown without telling about a single respondent.

Belongs here: primary rules, complementary suppression, the audit of everything published. Does not belong here:
counts of public registers, which are exempt and marked so by whoever publishes them, and the wiring of releases.

The way through, for rows of estimates:

    family = survey_rows.family(rows, multiple=("q7",))      # keys and counts of every row
    pattern = suppression.suppress(family, rules, earlier)   # earlier: list of Printed of older releases
    shown = survey_rows.suppressed(rows, pattern, rules)     # the rows as they may be published
    findings = auditor.audit(survey_rows.printed(shown, ...) + earlier, rules, truth=family.cells)

``pattern.refusals`` or ``findings`` not empty: the release must fail, with their sentences. ``rules`` is
``default_rules()`` or ``default_rules().changed(card)``. Words and shapes: ``publication``.
"""
