"""Questions that ask who somebody is: told by their wording and, without a codebook, by their answers.

Belongs here: which questions are personal though no codebook says so. Does not belong here: the words of any header
(``personal``) and of questions (``personal_question.csv``), withholding the answers (``batch``).

A codebook that somebody wrote has the last word: ``no`` in its column ``personal`` clears a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from ingest.message import problem
from ingest.personal import WHAT, PersonalWord, personal_kind
from ingest.problem import Place, Problem
from ingest.survey.codebook import DATE, DATETIME, DECIMAL, INTEGER, TEXT, WITH_OPTIONS, Codebook, Question
from ingest.survey.free_text import redacted
from ingest.values.tables import read_table_beside

# A longer text may speak of names and telephones without asking for them.
MOST_WORDS, LONGEST_NAME = 6, 40
NUMBERING = re.compile(r"^\s*(?:(?:Q|No\.?|問|設問|質問)?\s*[0-9０-９]+[.)．）、:：\-\s]+)+", re.IGNORECASE)
IN_BRACKETS = re.compile(r"[(（\[［【][^)）\]］】]*[)）\]］】]")
# Kinds of personal data that announce themselves in a long text too: the others are found in the answers.
WITHOUT_PATTERN = {"person", "contact"}
# So many of the distinct answers with contact data make a column of contact data.
CONTACT_SHARE = 0.5
# A list of names hardly has so few texts that come so often.
MOST_CHOICES, LEAST_EACH = 10, 5


def kind_of_text(text: str) -> str:
    """Which kind of personal data the wording of a question asks for (a key of ``WHAT``); empty for none."""
    plain = IN_BRACKETS.sub(" ", NUMBERING.sub("", text)).strip()
    kind = personal_kind(plain, _words())
    return kind if _is_short(plain) or kind in WITHOUT_PATTERN else ""


def kind_of_question(question: Question) -> str:
    """The same for a question of a codebook that somebody wrote: one with a list of options asks for none."""
    if question.kind in WITH_OPTIONS or question.other_of:
        return ""
    above = _first(question.parent_labels.values())
    if question.kind in {INTEGER, DECIMAL} and question.parent and not above:
        # How often somebody uses the telephone, as a row of a matrix.
        return ""
    kind = above or _first((*question.labels.values(), question.code))
    return kind if question.kind in {TEXT, INTEGER, DECIMAL, DATE, DATETIME} else ""


def is_personal_column(label: str, above: str, texts: Mapping[str, int], *, is_row: bool, is_list: bool) -> bool:
    """Whether a column that no codebook describes holds personal data.

    ``label`` is its wording, ``above`` that of the matrix whose row it is, ``texts`` its distinct answers and how often
    each stands there, ``is_list`` whether they come again and again.
    """
    if contact_share(texts) >= CONTACT_SHARE or (is_row and kind_of_text(above)):
        return True
    if not kind_of_text(label):
        return False
    if is_row:
        return not (is_list or all(re.fullmatch(r"[0-9]{1,4}", text) for text in texts))
    is_choice = is_list and len(texts) <= MOST_CHOICES and sum(texts.values()) >= LEAST_EACH * len(texts)
    return _is_short(label) or not is_choice


def contact_share(texts: Iterable[str]) -> float:
    """The share of the texts that hold contact data; 0 where there are none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    _, mask = redacted(pa.array(list(texts), pa.string()))
    return float(pc.mean(mask).as_py() or 0)


def without_contacts(texts: Iterable[str]) -> list[str]:
    """The texts that hold no contact data."""
    import pyarrow as pa
    import pyarrow.compute as pc

    given = pa.array(list(texts), pa.string())
    kept: list[str] = given.filter(pc.invert(redacted(given)[1])).to_pylist()
    return kept


def with_personal(codebook: Codebook) -> Codebook:
    """The codebook with its personal questions marked, and with them the texts of their "other"."""
    marked = [
        replace(each, is_personal=True) if not each.is_cleared and kind_of_question(each) else each
        for each in codebook.questions
    ]
    personal = {each.code for each in marked if each.is_personal}
    marked = [
        replace(each, is_personal=True) if each.other_of in personal and not each.is_cleared else each
        for each in marked
    ]
    return replace(codebook, questions=tuple(marked))


def personal_problems(before: Codebook, after: Codebook, file: str) -> Iterator[Problem]:
    """A warning for each question that was marked though the codebook does not say that it is personal."""
    for old, new in zip(before.questions, after.questions, strict=True):
        if new.is_personal and not old.is_personal:
            en, ja = WHAT[kind_of_question(old) or "person"]
            yield problem("survey_question_personal", Place(file), question=new.code, what_it_is=en, what_it_is_ja=ja)


def _first(texts: Iterable[str]) -> str:
    return next((kind for text in texts if (kind := kind_of_text(text))), "")


def _is_short(text: str) -> bool:
    is_name = len(text) <= LONGEST_NAME and len(text.split()) <= MOST_WORDS
    # Whether somebody has a telephone is asked in a sentence.
    return is_name and not text.rstrip().endswith(("?", "？"))


@cache
def _words() -> tuple[PersonalWord, ...]:
    return tuple(
        PersonalWord(row["word"], row["match"], row["what"]) for row in read_table_beside(__file__, "personal_question")
    )
