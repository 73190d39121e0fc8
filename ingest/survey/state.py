"""The states of an answer, and the numbers that stand for them in the wide file of a wave.

Belongs here: the closed list. Does not belong here: deciding a state (``decoding``, ``routing``), and what a tool's
format cannot tell apart (``limits``).
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """What is known of one answer."""

    SELECTED = "selected"  # an option that was chosen or ticked
    NOT_SELECTED = "not_selected"  # an option left unticked by someone who answered the question
    ANSWERED = "answered"  # a text, number or date was given
    NOT_ANSWERED = "not_answered"  # shown, or not known to be hidden, and left empty
    NOT_SHOWN = "not_shown"  # the routing passed the question by
    UNKNOWN_NONE_TICKED = "unknown_none_ticked"  # nothing is ticked: answered with none, or passed over
    DONT_KNOW = "dont_know"
    REFUSED = "refused"
    NOT_APPLICABLE = "not_applicable"
    UNREADABLE = "unreadable"  # a cell outside of the code list, or no number or date
    REDACTED = "redacted"  # a text that holds contact data; kept in the restricted store


# In a wide column of a choice the position of the option (from 1), in one of a tick 1 and 0, in one of a rank the rank;
# below zero a state. A column of texts, numbers or dates has a second one with 0 for an answer and the same numbers.
WIDE = {
    State.NOT_ANSWERED: -1,
    State.NOT_SHOWN: -2,
    State.UNKNOWN_NONE_TICKED: -3,
    State.UNREADABLE: -4,
    State.REDACTED: -5,
    State.DONT_KNOW: -6,
    State.REFUSED: -7,
    State.NOT_APPLICABLE: -8,
}
# States that an option of the code list may stand for: such an option keeps its code, and its state is said beside it.
OPTION_STATES = (State.DONT_KNOW, State.REFUSED, State.NOT_APPLICABLE)
