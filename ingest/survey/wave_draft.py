"""A card drafted for an export of a survey tool that nobody has described yet.

Belongs here: what is known of the wave from its export, and what the card still asks. Does not belong here: the
codebook (``inference``, the tool's own), making the folder (the command `add`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.intake import draft_guesses as guesses
from ingest.intake.draft import OPEN, UNKNOWN_PUBLISHER, Comment, Comments, Draft
from ingest.survey.inference import ORIGIN
from ingest.survey.opening import BY_CODEBOOK
from ingest.survey.wave_facts import RESPONSES, WaveFacts

# The file in which a tool keeps the questionnaire itself: better than any guess.
FORMS_OF_TOOLS = {
    "LimeSurvey": "survey.lss",
    "REDCap": "data_dictionary.csv",
    "KoboToolbox": "form.xlsx",
    "ODK or SurveyCTO": "form.xlsx",
}
Days = tuple[datetime.date, datetime.date] | None


def answered_between(folder: Path) -> Days:
    """The days of the first and last response in the folder of a reading; None where the export has no times."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    times = pq.read_table(folder / RESPONSES, columns=["started_at", "submitted_at"])
    ends = [pc.min_max(pc.cast(times[name], "timestamp[s]")).as_py() for name in times.column_names]
    known = [each[end] for each in ends for end in ("min", "max") if each[end] is not None]
    return (min(known).date(), max(known).date()) if known else None


def draft_wave(
    file_name: str, sha256: str, facts: WaveFacts, codebook: tuple[str, str], days: Days, today: str, *,
    is_named: bool = False,
) -> Draft:  # fmt: skip
    """The draft for an export that was read.

    ``codebook``: name and hash of the codebook beside it, which somebody had (``is_named``) or which was written from
    the file. ``days``: of the first and last response.
    """
    stem = Path(file_name).stem
    edition = guesses.guess_edition(stem, (), ()) or (str(days[1].year) if days else OPEN)
    family = guesses.guess_family(stem, "survey")
    content: dict[str, Any] = {
        "id": OPEN if edition == OPEN else f"{family}-{edition}",
        "kind": "survey", "table": "response", "family": family, "edition": edition, "title": OPEN,
        "publisher": dict(UNKNOWN_PUBLISHER), "page_address": OPEN, "file": file_name, "sha256": sha256,
        "published": "unknown", "accessed": today, "reference_date": days[1].isoformat() if days else OPEN,
        "language": list(facts.codebook["languages"]), "licence": {"name": OPEN}, "obtained": "sent",
        "reviewed_by": OPEN, "reviewed_on": OPEN, "scope_rule": OPEN, "status": "provisional", "synthetic": False,
        "expected_rows": {"min": str(facts.n_rows), "max": str(facts.n_rows)},
        "survey": {
            **({"tool": facts.tool} if facts.tool in BY_CODEBOOK else {}),
            "codebook": dict(zip(("file", "sha256"), codebook, strict=True)),
            "title": {"en": OPEN},
            "link": OPEN,
            "retention_until": OPEN,
            "design": {"unit": OPEN, "estimates_speak_of": OPEN},
        },
    }  # fmt: skip
    comments: Comments = {
        ("family",): [SAME_FAMILY],
        ("survey",): [
            (
                f"an export of {facts.tool} ({facts.form}): {facts.n_rows} responses",
                f"{facts.tool}の出力（{facts.form}）、回答{facts.n_rows}件",
            ),
            NOT_KNOWN,
        ],
        ("survey", "codebook"): list(_on_codebook(facts, codebook[0], is_named=is_named)),
        ("survey", "title"): [TITLE],
        ("survey", "link"): [LINK],
        ("survey", "retention_until"): [RETENTION],
        ("survey", "design"): [DESIGN, MORE],
    }
    if days:
        first, last = (day.isoformat() for day in days)
        comments["reference_date",] = [
            (f"responses from {first} to {last}", f"回答期間：{first} ～ {last}"),
        ]
    return Draft(content, comments, ASKED)


def _on_codebook(facts: WaveFacts, name: str, *, is_named: bool) -> list[Comment]:
    """What is to be done about the codebook; the list of hints of which each is a line."""
    told = [
        (
            "after any change to the codebook its new hash belongs here; observatory check tells it",
            "コードブックを変更したら、新しいハッシュをここに記入してください（observatory check が表示します）",
        )
    ]
    if is_named:
        return told
    if facts.codebook["origin"] != ORIGIN:
        written = (
            f"{name} holds the questions and options that the export itself declares: review it",
            f"{name} は出力に含まれる設問と選択肢です。確認してください",
        )
        return [written, *told]
    found = [
        (
            f"{name} was guessed from headers and answers: review types, labels, options nobody chose,",
            f"{name} は見出しと回答からの推定です。種類、ラベル、誰も選ばなかった選択肢、",
        ),
        (
            "is_exclusive (none of these), state (don't know) and relevant (who was asked); see docs/surveys.md",
            "is_exclusive（該当なし）、state（わからない）、relevant（対象者）を確認してください（docs/surveys.md）",
        ),
    ]
    form = next((form for tool, form in FORMS_OF_TOOLS.items() if facts.tool.startswith(tool)), "")
    if form:
        found.append(
            (
                f"the tool's own form says it better, if you have it: observatory add FILE --codebook {form}",
                f"ツールの調査票ファイルがあれば、その方が確実です：observatory add ファイル --codebook {form}",
            )
        )
    return [*found, *told]


SAME_FAMILY: Comment = (
    "the survey; its waves have the same family",
    "調査の名前。同じ調査の各回は同じ family にします",
)
NOT_KNOWN: Comment = (
    "what you do not know may be left out below: take out the line; it is shown as not documented",
    "以下で分からない項目は、行ごと削除できます（「記載なし」と表示されます）",
)
TITLE: Comment = (
    "as tables and codebooks show it; ja: may be added",
    "表やコードブックに表示する題名。ja: も追加できます",
)
LINK: Comment = (
    "closed (invited persons only) or open (anybody with the address): an open link has no response rate",
    "closed（招待者のみ）または open（誰でも回答可）。open では回収率を計算しません",
)
RETENTION: Comment = ("until when personal data may be kept, YYYY-MM-DD", "個人情報の保存期限（YYYY-MM-DD）")
DESIGN: Comment = (
    "unit: organisation or person; estimates_speak_of: population (these very units) or process (what is behind them)",
    "unit：organisation（組織）または person（個人）、estimates_speak_of：population（母集団）または process（過程）",
)
MORE: Comment = (
    "frame, strata, weights, counts of invitations (dispositions) and a checklist (cherries): docs/surveys.md",
    "抽出枠、層、ウェイト、招待数（dispositions）、チェックリスト（cherries）は docs/surveys.md を参照してください",
)
ASKED: Mapping[str, Comment] = {
    "id": ("unique among all cards: family, a hyphen and the edition", "全カードで重複しない名前（family-edition）"),
    "edition": ('the wave; for example "2022"', '調査の回。例："2022"'),
    "title": ("the title of the survey; for example Cooperation survey 2022", "調査の題名。例：協力調査 2022"),
    "publisher": (
        "who ran the survey, country (two letters, EU or INT), public body or not; "
        "for example {name: Sample Agency, country: JP, official: true}",
        "実施者の名称、国（2文字、EU または INT）、公的機関かどうか。"
        "例：{name: Sample Agency, country: JP, official: true}",
    ),
    "page_address": (
        "a page on the survey or on who ran it; for example https://www.example.org/survey",
        "調査または実施者のページ。例：https://www.example.org/survey",
    ),
    "reference_date": (
        'the last day of the survey; it orders the waves; for example "2022-05-31"',
        '調査の最終日（回の順序を決めます）。例："2022-05-31"',
    ),
    "licence": (
        "under which terms the answers may be used; for example {name: not public}",
        "回答の利用条件。例：{name: 非公開}",
    ),
    "scope_rule": (
        "who was asked; for example clusters of the mapping of 2016",
        "調査の対象者。例：2016年調査のクラスター",
    ),
    "survey": ("how it was carried out: what is marked '?' below", "調査の実施方法：以下の「?」の項目"),
}
