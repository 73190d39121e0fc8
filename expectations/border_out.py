"""What a release must look like before it may be published.

Belongs here: what concerns the release as a whole: nothing blocking unresolved, rows accounted for, no personal data,
estimates that are possible, synthetic rows declared. Does not belong here: keys, relations and codes of single tables
and the ids that must not be lost (dbt tests).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from expectations.validate import ExpectationSpec, Outcome, Validation, merge, validate_frame

if TYPE_CHECKING:
    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]

SURVIVAL_PAIR = ["family", "from_edition_id", "to_edition_id", "domain", "is_synthetic"]
# How rpt_unresolved_mention begins the reason if somebody looked and could not tell who is meant.
LOOKED_AT = "Nobody could be identified"
BOUND_COLUMNS = ["value", "lower", "upper"]
# Intervals come out of root finding, so their ends may pass 0, 1 or the value by rounding alone.
DIGITS_COMPARED = 9

# Tables with weighted numbers: the unweighted count and the numbers that must not stand without it.
UNWEIGHTED = {
    "stats.survey_estimate": ("base_n", ("value", "weighted_n", "lower", "upper")),
    "reports.rpt_survey_codebook": ("n", ("weighted_n", "weighted_share")),
}
DISCLOSURE_REMEDY = (
    "Report by fewer domains in the card of the wave, or delete the earlier release that is named; "
    "docs/disclosure.md says how numbers are hidden."
)
DISCLOSURE_REMEDY_JA = (
    "カードの domains を減らすか、示された以前のリリースを削除してください（docs/disclosure.md を参照）。"
)

E_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}"
# An international number, a Japanese or European one with its leading 0 and separators, or digits after a telling word.
# Dates (2016-04-01), ids (JPC-0042) and addresses of pages must pass.
TELEPHONE = (
    r"(?<![\w/=.-])\+\d{1,3}[\s.(-]*\d[\d\s().-]{5,}\d"
    r"|(?<![\w/=.-])\(?0\d{1,4}[-) ]+\d{1,4}[- ]\d{3,4}(?![\w-])"
    r"|(?i:\b(?:tel|phone|fax)\b|電話)[\s.:：]*[+(]?\d[\d\s().-]{5,}"
)
# `has_international_contact` and `first_contact` (a year) say that there was a contact, not whose.
CONTACT_COLUMN = (
    r"^(?:.*_)?(?:e_?mail|phone|telephone|tel|fax|mobile|contact_person|contact_name|contact_address|first_name|"
    r"last_name|given_name|surname|date_of_birth)(?:_(?:printed|address|number|code))?$|^contacts?$"
)


def check_release(tables: Tables, disclosed: Sequence[str] = ()) -> Validation:
    """Validate what would be published.

    ``tables``: ``<schema>.<table>`` -> its rows, for all published tables of marts, reports and stats. ``disclosed``:
    sentences on what a reader could find out about the answers of a survey.
    """
    parts = [
        check_mentions(tables["reports.rpt_unresolved_mention"]),
        check_row_account(tables["reports.rpt_row_account"]),
        check_personal_data(tables),
        check_synthetic_flags(tables),
        check_estimates(tables),
        check_survey_bases(tables),
        check_disclosure(disclosed),
    ]
    if "stats.survival_share" in tables:
        parts.append(check_survival_shares(tables["stats.survival_share"]))
    return merge("release", parts)


def check_mentions(unresolved: pd.DataFrame) -> Validation:
    """No mention without a decision that the registry promises to place; a warning for every other undecided one."""
    review = (
        "'observatory review' shows them one by one, 'observatory review --export FILE.xlsx' makes a worklist to send."
    )
    suite = [
        ExpectationSpec(
            "ExpectColumnValuesToBeInSet",
            {"column": "is_blocking", "value_set": ["no"]},
            "no unresolved mention may be blocking",
            f"Decide each of them: {review} Or declare the edition 'status: provisional' in its card.",
        ),
        ExpectationSpec(
            "ExpectColumnValuesToBeInSet",
            {"column": "waits", "value_set": ["no"]},
            "no mention should wait for a decision",
            f"It is published as undecided. {review}",
            severity="warn",
        ),
    ]
    was_looked_at = unresolved["reason"].str.startswith(LOOKED_AT)
    rows = unresolved.assign(is_blocking=_yes_or_no(unresolved["is_blocking"]), waits=_yes_or_no(~was_looked_at))
    return validate_frame(rows, suite, subject="rpt_unresolved_mention", label="mention_key", may_be_empty=True)


def check_row_account(account: pd.DataFrame) -> Validation:
    """Rows read = placed + unresolved + rejected, for every source."""
    spec = ExpectationSpec(
        "ExpectColumnValuesToBeInSet",
        {"column": "is_balanced", "value_set": ["yes"]},
        "the rows read of every source must equal rows placed + unresolved + rejected",
        "A model between staging and the registry loses or doubles rows; see the counts in the table.",
    )
    rows = account.assign(is_balanced=_yes_or_no(account["is_balanced"]))
    return validate_frame(rows, [spec], subject="rpt_row_account", label="source_id")


def check_personal_data(tables: Tables) -> Validation:
    """No e-mail address, telephone number or contact-like column in any published table."""
    import pandas as pd

    findings = pd.DataFrame(_column_scans(tables), columns=["column", "name_kind", "n_e_mail", "n_telephone"])
    remedy = "Remove it at the source: personal contact data is not published. See the column's rows."
    suite = [
        ExpectationSpec(
            "ExpectColumnValuesToBeInSet",
            {"column": "name_kind", "value_set": ["neutral"]},
            "no published column may be named like a contact",
            "Leave the column out of the published model or name it for what it holds.",
        ),
        ExpectationSpec(
            "ExpectColumnValuesToBeBetween",
            {"column": "n_e_mail", "max_value": 0},
            "no published text may hold an e-mail address",
            remedy,
        ),
        ExpectationSpec(
            "ExpectColumnValuesToBeBetween",
            {"column": "n_telephone", "max_value": 0},
            "no published text may hold a telephone number",
            remedy,
        ),
    ]
    return validate_frame(findings, suite, subject="the published tables", label="column")


def check_synthetic_flags(tables: Tables) -> Validation:
    """Every estimate says whether it is synthetic, and so does every row of a table that carries the flag."""
    import pandas as pd

    counted = [
        (name, int(frame["is_synthetic"].isna().sum()) if "is_synthetic" in frame else len(frame))
        for name, frame in tables.items()
        if "is_synthetic" in frame or name.startswith("stats.")
    ]
    rows = pd.DataFrame(counted, columns=["table", "n_without_flag"])
    spec = ExpectationSpec(
        "ExpectColumnValuesToBeBetween",
        {"column": "n_without_flag", "max_value": 0},
        "every row must say whether it is synthetic",
        "Carry is_synthetic from the staging model or the fact into every row made from it.",
    )
    return validate_frame(rows, [spec], subject="the published tables", label="table")


def check_estimates(tables: Tables) -> Validation:
    """Shares within 0 to 1; lower <= value <= upper wherever there are bounds."""
    import pandas as pd

    columns = ["estimate_id", "statistic", *BOUND_COLUMNS]
    parts = [frame[columns] for name, frame in tables.items() if name.startswith("stats.") and set(columns) <= {*frame}]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    rows[BOUND_COLUMNS] = rows[BOUND_COLUMNS].astype("float64").round(DIGITS_COMPARED)
    is_share = rows["statistic"].str.contains(r"(?:^|_)share(?:_|$)", regex=True)
    for name in BOUND_COLUMNS:
        rows[f"share_{name}"] = rows[name].where(is_share)
    remedy = "Correct the topic in analytics that makes this estimate."
    suite = [
        ExpectationSpec(
            "ExpectColumnValuesToBeBetween",
            {"column": f"share_{name}", "min_value": 0, "max_value": 1},
            f"{name} of every share must lie between 0 and 1",
            remedy,
        )
        for name in BOUND_COLUMNS
    ]
    suite += [
        ExpectationSpec(
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": larger, "column_B": smaller, "or_equal": True, "ignore_row_if": "either_value_is_missing"},
            f"{smaller} of every estimate must not exceed its {larger}",
            remedy,
        )
        for smaller, larger in (("lower", "value"), ("value", "upper"), ("lower", "upper"))
    ]
    return validate_frame(rows, suite, subject="stats", label="estimate_id")


def check_survey_bases(tables: Tables) -> Validation:
    """No weighted number of a survey without the unweighted count behind it."""
    import pandas as pd

    counted = []
    for name, (count, numbers) in UNWEIGHTED.items():
        frame = tables.get(name)
        if frame is None or not {count, *numbers} <= {*frame}:
            continue
        has_number = frame[list(numbers)].notna().any(axis=1)
        label = frame["estimate_id"] if "estimate_id" in frame else frame["edition_id"] + ", " + frame["question_code"]
        bare = has_number & frame[count].isna()
        counted.append(pd.DataFrame({"row": f"{name}: " + label.astype(str), "is_counted": _yes_or_no(~bare)}))
    rows = pd.concat(counted, ignore_index=True) if counted else pd.DataFrame(columns=["row", "is_counted"])
    spec = ExpectationSpec(
        "ExpectColumnValuesToBeInSet",
        {"column": "is_counted", "value_set": ["yes"]},
        "every weighted number must stand beside the unweighted count that it rests on",
        "Carry the count into the row, or take the weighted number out of it.",
        meaning_ja="加重した数値には、もとになる非加重の件数を併記すること",
        remedy_ja="件数を行に加えるか、加重した数値を消してください。",
    )
    return validate_frame(rows, [spec], subject="the survey tables", label="row", may_be_empty=True)


def check_disclosure(disclosed: Sequence[str]) -> Validation:
    """Nobody may find out a suppressed number, nor what single respondents answered, from all that is published."""
    outcomes = [
        Outcome(
            "Disclosure",
            False,
            "error",
            sentence,
            f"In the survey tables, no answer of a respondent may be recovered, but {sentence} {DISCLOSURE_REMEDY}",
            f"公開する調査の表から個々の回答が分かってはなりません。{sentence} {DISCLOSURE_REMEDY_JA}",
        )
        for sentence in disclosed
    ]
    return Validation("the survey tables", len(disclosed), tuple(outcomes))


def check_survival_shares(survival: pd.DataFrame) -> Validation:
    """The nine outcomes of every pair of editions and domain share out everything at risk, if anything is."""
    outcomes = survival[survival["statistic"] == "outcome_share"]
    sums = outcomes.groupby(SURVIVAL_PAIR, dropna=False, sort=True)["value"].agg(["sum", "count"]).reset_index()
    # A pair with nobody at risk has no shares at all, which is not a sum of 0.
    sums = sums[sums["count"] > 0].assign(sum=lambda rows: rows["sum"].round(DIGITS_COMPARED))
    sums["pair"] = sums["from_edition_id"] + " to " + sums["to_edition_id"] + ", " + sums["domain"]
    spec = ExpectationSpec(
        "ExpectColumnValuesToBeBetween",
        {"column": "sum", "min_value": 1, "max_value": 1},
        "the outcome shares of every pair of editions must add to 1",
        "An outcome is missing from the list of outcomes, or a unit has more than one; see fct_cluster_survival.",
    )
    return validate_frame(sums, [spec], subject="stats.survival_share", label="pair", may_be_empty=True)


def _yes_or_no(flags: pd.Series) -> pd.Series:
    """A flag as text, so that a missing one is seen: an expectation on allowed values passes over missing ones."""
    return flags.map({True: "yes", False: "no"}).fillna("not said")


def _column_scans(tables: Tables) -> Iterator[tuple[str, str, int, int]]:
    """Each published column with the kind of its name and the number of distinct texts that look personal."""
    contact = re.compile(CONTACT_COLUMN)
    for table, frame in tables.items():
        for name in frame.columns:
            kind = "contact" if contact.match(str(name)) else "neutral"
            values = frame[name]
            if values.dtype.kind in "biufmM":
                yield f"{table}.{name}", kind, 0, 0
                continue
            texts = values.dropna().astype(str).unique().tolist()
            yield f"{table}.{name}", kind, _n_found(E_MAIL, "@", texts), _n_found(TELEPHONE, r"\d{3}", texts)


def _n_found(pattern: str, sign: str, texts: Sequence[str]) -> int:
    """How many texts hold the pattern; ``sign`` is quick to find and in every text that does.

    Most columns have none with the sign, which one search of all their texts together tells.
    """
    if not re.search(sign, "\n".join(texts)):
        return 0
    found, first = re.compile(pattern), re.compile(sign)
    return sum(1 for text in texts if first.search(text) and found.search(text))
