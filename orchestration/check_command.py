"""`observatory check FILE...`: what would become of files in the drop folder, without touching it or the warehouse.

Belongs here: finding what a file would be offered as, and the sentences. Does not belong here: the decision itself
(``ingest.intake.decision``, the same as in a build).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from ingest.intake.accepted import active_revisions, next_number
from ingest.intake.claims import edition_claim, edition_claim_of, in_the_way
from ingest.intake.decision import Changed, Decision, decide
from ingest.intake.derived_card import family_patterns
from ingest.intake.drop_folder import is_card
from ingest.intake.neighbours import edition_before
from ingest.intake.offers import Hashes, Offer, carded, derived, file_beside, is_draft
from ingest.intake.reception import World
from ingest.message import problem
from ingest.problem import Outcome, Place, SourceError, hardest
from ingest.source_card import SourceCard
from ingest.survey.retention import retention_problems
from orchestration.intake import world
from orchestration.retention import today
from orchestration.screen import all_lines
from orchestration.settings import Settings

HARD = {Outcome.QUAR, Outcome.STOP}
WORDS = {
    "accepted": ("{name}: would be read as {edition}, revision {number}, rows: {rows}.",
                 "{name}：{edition}の第{number}改訂（{rows}行）として読み込まれます。"),
    "aside": ("{name}: would be set aside in quarantine.", "{name}：隔離されます。"),
    "unspoken": ("{name}: a table ({kind}, rows: {rows}), but no card and no family's pattern speaks of it.",
                 "{name}：{rows}行の表（{kind}）ですが、カードも系列のファイル名パターンもありません。"),
    "export": ("{name}: an export of {tool} ({form}): responses {n}, questions {questions}, but no card speaks of it.",
               "{name}：{tool}の出力（{form}）、回答{n}件、設問{questions}問ですが、カードがありません。"),
    "header": ("  header in row {row}: {header}", "  見出し（{row}行目）：{header}"),
    "ours": ("  recognised: {ours}", "  認識した列：{ours}"),
    "table": ("  A card is needed: observatory add FILE drafts one (answers in a plain table: with --codebook FORM).",
              "  カードが必要です。observatory add FILE で下書きを作成できます"
              "（ツールの出力でない回答表には --codebook でコードブックを指定）。"),
    "add": ("  A card is needed: observatory add FILE drafts one.",
            "  カードが必要です。observatory add FILE で下書きを作成できます。"),
}  # fmt: skip


def run_check(settings: Settings, files: Sequence[Path], *, in_japanese: bool) -> int:
    """Tell what would become of each file; 1 if any would not be read for a fault of its own, else 0."""
    check = _Check(world(settings), settings)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="observatory-check-") as folder:
        for number, path in enumerate(card for file in files for card in _named(file)):
            lines, is_good = check.told(path, Path(folder) / str(number), in_japanese)
            outcomes.append(is_good)
            for line in lines:
                typer.echo(line)
    return 0 if all(outcomes) else 1


def _named(path: Path) -> list[Path]:
    """The cards in a folder, or the file itself."""
    cards = sorted(each for each in path.iterdir() if is_card(each)) if path.is_dir() else []
    return cards or [path]


class _Check:
    """What is known beside the files that are looked at."""

    def __init__(self, around: World, settings: Settings) -> None:
        self.world, self.store = around, settings.accepted
        self.patterns = family_patterns(around.card_paths())
        self.cards = around.cards()

    def told(self, path: Path, scratch: Path, in_japanese: bool) -> tuple[list[str], bool]:
        """Lines on one file, and whether it would be read."""
        if not path.is_file():
            return all_lines([problem("add_no_file", Place(str(path)))], in_japanese=in_japanese), False
        offers = list(self._offers(path))
        if not offers:
            return _bare(path, scratch, in_japanese)
        lines: list[str] = []
        for number, offer in enumerate(offers):
            decision = self._decision(offer, scratch / str(number))
            lines += self._lines(offer, decision, in_japanese)
            if not decision.is_accepted:
                return lines, False
        return lines, True

    def _offers(self, path: Path) -> Iterator[Offer]:
        folder = path.absolute().parent
        path = folder / path.name
        beside = [each for each in folder.iterdir() if each.is_file()] if folder.is_dir() else []
        hashes = Hashes({})
        if is_card(path) or is_draft(path):
            yield carded(folder, path, file_beside(path, beside), hashes)
            return
        cards = [card for card in sorted(beside) if is_card(card) and file_beside(card, beside) == path]
        yield from (carded(folder, card, path, hashes) for card in cards)
        matched = next((each for each in self.patterns if each.edition_of(path.name)), None)
        is_drafted = any(is_draft(each) and file_beside(each, beside) == path for each in beside)
        if not cards and not is_drafted and matched is not None and path.is_file():
            yield derived(folder, path, matched, hashes)

    def _decision(self, offer: Offer, scratch: Path) -> Decision:
        if offer.card is None or not offer.sha256:
            return Decision(offer.problems, ())
        conflict = in_the_way(offer, [each for each in self.cards if not self._is_own(each, offer)])
        if conflict is not None:
            return Decision((*offer.problems, conflict), ())
        before = edition_before(offer.card, self.cards)
        try:
            return decide(offer, scratch / "copy", scratch / "rows", self.world.border, before)
        except Changed:
            return Decision((problem("file_gone", Place(offer.name)),), ())

    def _is_own(self, card: SourceCard, offer: Offer) -> bool:
        """The same edition as accepted before, or the very same file in a source folder that is looked at."""
        is_accepted = card.path.is_relative_to(self.store) and edition_claim_of(card) == edition_claim(offer)
        return is_accepted or card.path == offer.card_path

    def _lines(self, offer: Offer, decision: Decision, in_japanese: bool) -> list[str]:
        if decision.is_accepted:
            card = offer.the_card
            number = next_number(self.store, card.family, card.edition)
            same = active_revisions(self.store).get(offer.edition_id)
            if same is not None and same.record["key"] == offer.key:
                number = same.number
            values = {"edition": offer.edition_id, "number": number, "rows": decision.rows}
            first = _word("accepted", in_japanese, name=offer.name, **values)
        else:
            first = _word("aside", in_japanese, name=offer.name)
        late = retention_problems([offer.card], today()) if offer.card else []
        return [first, *all_lines([*decision.told, *late], in_japanese=in_japanese)]


def _bare(path: Path, scratch: Path, in_japanese: bool) -> tuple[list[str], bool]:
    """What a file is that nobody speaks of: its kind, header and rows, and the columns that are recognised."""
    from ingest.synonyms import columns_for, known_words
    from ingest.tables.child import read_foreign
    from ingest.tables.printed import Hints
    from orchestration.add_command import export_facts, refuse_codebook

    try:
        if wave := export_facts(path, scratch):
            values = {"tool": wave.tool, "form": wave.form, "n": wave.n_rows}
            first = _word("export", in_japanese, name=path.name, questions=len(wave.codebook["questions"]), **values)
            lines = [first, *all_lines(wave.problems, in_japanese=in_japanese), _word("add", in_japanese)]
            return lines, hardest(wave.problems) not in HARD
        facts = read_foreign(path.absolute(), Hints(words=known_words()), scratch).facts
        refuse_codebook(path, facts.sheet, facts.header)
    except SourceError as error:
        return [_word("aside", in_japanese, name=path.name), *all_lines(error.problems, in_japanese=in_japanese)], False
    kind = f"{facts.file_kind}, {facts.sheet}" if facts.sheet else facts.file_kind
    known = [f"{name} → {found[0]}" for name in facts.header if (found := columns_for(name))]
    row = facts.header_rows[0] if facts.header_rows else "-"
    lines = [
        _word("unspoken", in_japanese, name=path.name, rows=facts.n_rows, kind=kind),
        _word("header", in_japanese, row=row, header=", ".join(facts.header)),
        _word("ours", in_japanese, ours=", ".join(known) or "-"),
        *all_lines(facts.problems, in_japanese=in_japanese),
        _word("table", in_japanese),
    ]
    return lines, hardest(facts.problems) not in HARD


def _word(word: str, in_japanese: bool, **values: object) -> str:
    return WORDS[word][in_japanese].format_map(values)
