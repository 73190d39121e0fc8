"""The report beside a quarantined file and the report of an accepted one: in English, then in Japanese.

Belongs here: the order and the wording of the report around the problems. Does not belong here: the problems.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.message import harmless
from ingest.problem import Outcome, Problem, Wording

MARKUP = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|~"} | {"&": "&amp;"})
WORDS = {
    "en": ("Where", "Found", "Expected", "What to do"),
    "ja": ("場所", "検出内容", "期待される内容", "対処方法"),
}
OUTCOMES_JA = {Outcome.FIX: "自動補正", Outcome.WARN: "注意", Outcome.QUAR: "隔離", Outcome.STOP: "停止"}


@dataclass(frozen=True)
class Told:
    """What a report speaks of.

    ``names`` are the files as they lay below the drop folder, ``stays`` the edition and number of the revision that
    stays in use, ``tried`` pairs of English and Japanese, ``comparison`` a page in both languages beside the edition
    or revision before, ``origin`` the folder below the drop folder.
    """

    names: Sequence[str]
    problems: Sequence[Problem]
    tried: Sequence[tuple[str, str]]
    stays: tuple[str, int] | None = None
    comparison: str = ""
    origin: str = field(default="")


def why_report(told: Told) -> str:
    """The report of what was set aside, as Markdown that shows foreign names as they are and never as markup."""
    names = ", ".join(inert(name) for name in told.names)
    english = [
        f"# {names}: set aside",
        "It was not read, and nothing of it is in a release. Every other source was read as usual.",
        *([f"Revision {told.stays[1]} of {inert(told.stays[0])} stays in use."] if told.stays else []),
        "## What is wrong",
        *_problems(told.problems, "en"),
        "## What was tried",
        *(f"- {inert(english)}" for english, _ in told.tried),
        "## To try again",
        "1. Correct what is said above.",
        "2. `observatory check FILE` tells what would become of it, without changing anything.",
        f"3. Move it back to {inert(told.origin) or 'the drop folder'} (card and file together) and run "
        "`observatory build`. This report then goes by itself.",
    ]
    japanese = [
        f"# {names}：隔離しました",
        "このファイルは読み込んでおらず、内容は公開データに含まれていません。他の情報源は通常どおり読み込みました。",
        *([f"{inert(told.stays[0])}は第{told.stays[1]}改訂を引き続き使います。"] if told.stays else []),
        "## 問題点",
        *_problems(told.problems, "ja"),
        "## 実施した確認",
        *(f"- {inert(japanese)}" for _, japanese in told.tried),
        "## 再度受け付けるには",
        "1. 上記の問題を直してください。",
        "2. `observatory check FILE` で、何も変更せずに結果を確認できます。",
        f"3. {inert(told.origin) or '受付フォルダー'}に（カードとファイルを一緒に）戻し、`observatory build` を実行して"
        "ください。この報告書は自動的に削除されます。",
    ]
    return _pages(["\n\n".join(english), "\n\n".join(japanese), told.comparison])


def load_report(edition: str, number: int, told: Told) -> str:
    """The report of what was accepted, kept with its revision."""
    pages = []
    title = {"en": f"# {edition}, revision {number}", "ja": f"# {edition}、第{number}改訂"}
    for language, name, nothing in (
        ("en", "## What was found", "Nothing to say."),
        ("ja", "## 確認結果", "特記事項はありません。"),
    ):
        parts = [title[language], *(f"- {inert(pair[language == 'ja'])}" for pair in told.tried), name]
        parts += _problems(told.problems, language) or [nothing]
        pages.append("\n\n".join(parts))
    return _pages([*pages, told.comparison])


def _pages(pages: Sequence[str]) -> str:
    return "\n\n---\n\n".join(page.rstrip() for page in pages if page) + "\n"


def _problems(problems: Sequence[Problem], language: str) -> list[str]:
    lines = []
    for number, each in enumerate(problems, start=1):
        told: Problem | Wording = each.ja if language == "ja" and each.ja else each
        outcome = OUTCOMES_JA[each.outcome] if language == "ja" else each.outcome.value
        parts = zip(WORDS[language], (told.where, told.found, told.expected, told.remedy), strict=True)
        items = "\n".join(f"   - {name}: {inert(text)}" for name, text in parts)
        lines.append(f"{number}. **{inert(told.what)}** ({outcome})\n{items}")
    return lines


def inert(text: str) -> str:
    """Text from a foreign file that cannot become markup."""
    return "".join(harmless(piece) for piece in _pieces(text)).translate(MARKUP)


def _pieces(text: str) -> list[str]:
    """Short pieces, because what a message shows was cut already and the rest of a sentence must stay whole."""
    return [text[start : start + 100] for start in range(0, len(text), 100)]
