"""Problems on a terminal: what needs somebody first and in full, what was put in normal form shortly.

Belongs here: how many sentences a screen takes and in which order. Does not belong here: their wording (``ingest``);
reports keep everything.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.problem import SEVERITY, Outcome, Problem, SourceError

SHOWN = 3
# Of one kind.
MOST_ALIKE = 4
ALIKE = ("and {n} more of this kind", "同様のものがほかに{n}件あります")
MORE = ("and {n} more in its report", "ほか{n}件は報告書をご覧ください")
FIXED = ("  FIX  read in a normal form: {n}; what and where stands in {report}",
         "  FIX  自動補正：{n}件（内容と場所は{report}）")  # fmt: skip


def sentence(each: Problem, *, in_japanese: bool) -> str:
    """A problem with its outcome; of one that asks for nothing only what was found."""
    if each.outcome is not Outcome.FIX or not each.remedy.startswith("nothing"):
        return f"  {each.outcome}  {each.japanese if in_japanese else each}"
    if in_japanese and each.ja:
        return f"  FIX  {each.ja.where}：{each.ja.what}（{each.ja.found}）"
    return f"  FIX  {each.where}: {each.what} ({each.found})"


def all_lines(problems: Sequence[Problem], *, in_japanese: bool) -> list[str]:
    """Every problem, the hardest first; of many of one kind the first ones, and how many more there are."""
    ordered = sorted(problems, key=lambda each: -SEVERITY.index(each.outcome))
    alike: dict[str, list[Problem]] = {}
    for each in ordered:
        alike.setdefault(each.code, []).append(each)
    lines = []
    for group in alike.values():
        n_shown = MOST_ALIKE if len(group) > MOST_ALIKE + 1 else len(group)
        lines += [sentence(each, in_japanese=in_japanese) for each in group[:n_shown]]
        if n_more := len(group) - n_shown:
            lines.append(f"  {group[0].outcome}  {ALIKE[in_japanese].format(n=n_more)}")
    return lines


def short_lines(problems: Sequence[Problem], report: object, *, in_japanese: bool = False) -> list[str]:
    """The hardest few of them, how many more there are, and how many were only put in normal form."""
    worth = [each for each in problems if each.outcome is not Outcome.FIX]
    lines = all_lines(worth, in_japanese=in_japanese)
    if len(lines) > SHOWN:
        lines = [*lines[:SHOWN], f"  {MORE[in_japanese].format(n=len(lines) - SHOWN)}"]
    n_fixed = len(problems) - len(worth)
    return lines + ([FIXED[in_japanese].format(n=n_fixed, report=report)] if n_fixed else [])


def stop_sentences(error: SourceError) -> str:
    """Each problem in English and, where it is worded, in Japanese below."""
    return "\n".join(line for each in error.problems for line in (str(each), *([each.japanese] if each.ja else [])))
