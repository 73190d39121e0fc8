"""What of a survey table may be shown without telling about a single respondent.

Belongs here: primary rules, complementary suppression, the audit of everything published. Does not belong here:
counts of public registers, which are exempt and marked so by whoever publishes them, and the wiring of releases.

The way through: every number that is going to be printed becomes a ``Cell`` with a key that says whom it is about
(``publication`` has the words), then

    family = Family(cells, answers=frozenset(questions))
    pattern = suppress(family, rules, earlier)                    # suppression; earlier: Printed of older releases
    ...print every cell but those of which pattern.is_hidden(key, measure), with rules.reason in their place...
    findings = audit([*printed, *earlier], rules, truth=cells, answers=family.answers)  # auditor; printed: read back

``pattern.refusals`` or ``findings`` not empty: the release must fail, with their sentences. ``rules`` are
``default_rules()`` or ``default_rules().changed(numbers of a card)``. What a method may not show beside a hidden count
(standard error, interval, design effect, anything computed from the whole distribution) is in docs/disclosure.md.
"""
