"""The terminal screen of `observatory review`: one mention at a time, its candidates, and keys for the verdict.

Belongs here: widgets, keys, which mention and candidate are selected. Does not belong here: what a panel says
(``panels``), the windows (``dialogs``), rules and writing (``desk``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ingest.problem import SourceError
from ingest.registry.files import RegisterChanged
from ingest.registry.register import PLACING, WITHOUT_CLUSTER, Cluster
from ingest.registry.verdict import NEW, Verdict
from orchestration.review import panels
from orchestration.review.desk import Desk, Written
from orchestration.review.dialogs import AnswerDialog, Field, HelpDialog, SearchDialog, Write
from orchestration.review.evidence import Candidate, Mention

KEYS = (
    (("s", "same"), ("d", "different"), ("u", "unsure"), ("n", "new"), ("x", "no cluster"), ("i", "not identified")),
    (("↑↓", "candidate"), ("←→", "row"), ("/", "search"), ("z", "undo"), ("?", "help"), ("q", "quit")),
)
QUESTIONS = {
    "same": "The row is this cluster:",
    "different": "The row is NOT this cluster, though it looks alike:",
    "unsure": "It may be this cluster, and no evidence was found:",
    NEW: "The row is none of the register's clusters; an id is minted:",
    "not_a_cluster": "No cluster, but an authority, a company or a bank:",
    "not_identified": "A country, a region or a group; no body is named:",
}


@dataclass
class Session:
    """What one session wrote and took back."""

    written: list[Written] = field(default_factory=list)
    n_withdrawn: int = 0


class ReviewApp(App[Session]):
    """The screen over a desk; ``reviewer`` is the role that stands in every row."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "observatory review"
    CSS = """
    #title { height: 1; background: $panel; }
    #compared { height: 3fr; }
    #printed, #rows { width: 1fr; border: round $primary; padding: 0 1; }
    #candidates { height: 2fr; border: round $primary; padding: 0 1; }
    #decided { height: auto; max-height: 5; border-left: thick $primary; padding: 0 1; }
    #printed, #rows, #candidates, #decided { scrollbar-size-vertical: 1; }
    #keys { height: 2; background: $panel; }
    #printed:focus, #rows:focus, #candidates:focus { border: round $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "verdict('same')", "same"),
        Binding("d", "verdict('different')", "different"),
        Binding("u", "verdict('unsure')", "unsure"),
        Binding("n", "verdict('new')", "new"),
        Binding("x", "verdict('not_a_cluster')", "no cluster"),
        Binding("i", "verdict('not_identified')", "not identified"),
        Binding("z", "undo", "undo"),
        Binding("slash", "search", "search"),
        Binding("left", "step(-1)", "row before"),
        Binding("right", "step(1)", "next row"),
        Binding("question_mark", "help", "help"),
        Binding("q,ctrl+q", "quit", "quit", priority=False),
    ]

    def __init__(self, desk: Desk, reviewer: str) -> None:
        super().__init__()
        self.desk = desk
        self.reviewer = reviewer
        self.queue = desk.worklist.open_mentions()
        self.place = 0
        self.session = Session()
        self.looked_up: dict[str, list[Candidate]] = {}

    def compose(self) -> ComposeResult:
        """Progress, the printed row beside the candidate's rows, candidates, decisions, keys."""
        yield Static(id="title")
        with Horizontal(id="compared"):
            with VerticalScroll(id="printed"):
                yield Static(id="printed_text")
            with VerticalScroll(id="rows"):
                yield Static(id="rows_text")
        yield OptionList(id="candidates", compact=True)
        with VerticalScroll(id="decided"):
            yield Static(id="decided_text")
        yield Static(_key_lines(), id="keys")

    def on_mount(self) -> None:
        """Name the panels and show the first mention."""
        self.query_one("#printed").border_title = "Printed"
        self.query_one("#candidates").border_title = "Candidates"
        self.query_one("#candidates").focus()
        self.show()

    @property
    def mention(self) -> Mention:
        """The mention on the screen."""
        return self.queue[self.place]

    @property
    def selected(self) -> Candidate | None:
        """The marked candidate."""
        marked = self.query_one("#candidates", OptionList).highlighted_option
        return next((each for each in self._candidates() if marked and each.cluster_id == marked.id), None)

    @property
    def mention_is_settled(self) -> bool:
        """Whether the mention on the screen has been decided by now."""
        return self.desk.worklist.register.placing(self.mention.mention_key) is not None

    def show(self, cluster_id: str = "") -> None:
        """Fill the panels for the current mention; mark ``cluster_id`` if it is a candidate."""
        mention, worklist = self.mention, self.desk.worklist
        progress = (self.place + 1, len(self.queue), len(self.session.written))
        self._fill("#title", panels.title(mention, progress, is_settled=self.mention_is_settled))
        self._fill("#printed_text", panels.printed(mention, self.desk.evidence.printed_row(mention)))
        self._fill("#decided_text", panels.decisions(worklist, mention))
        self.query_one("#printed", VerticalScroll).scroll_home(animate=False)
        listed = self.query_one("#candidates", OptionList)
        listed.clear_options()
        candidates = self._candidates()
        for each in candidates:
            listed.add_option(Option(panels.candidate(worklist, mention, each), id=each.cluster_id))
        if candidates:
            ids = [each.cluster_id for each in candidates]
            listed.highlighted = ids.index(cluster_id) if cluster_id in ids else 0
        else:
            words = "No candidate." if self.desk.evidence.has_candidates else "This build made no proposals."
            listed.add_option(Option(f"{words} Press / to search the register, n for a new id.", disabled=True))
        self._show_rows()

    def on_option_list_option_highlighted(self) -> None:
        """Show the rows of the candidate that is marked now."""
        self._show_rows()

    def action_verdict(self, verdict: str) -> None:
        """Ask for reason and evidence and write the verdict."""
        mention, candidate = self.mention, self.selected
        needs_cluster = verdict not in (*WITHOUT_CLUSTER, NEW)
        if needs_cluster and candidate is None:
            self.notify("Select a candidate first, or press / to search the register.", severity="warning")
            return
        cluster_id = candidate.cluster_id if needs_cluster and candidate else ""
        about = f"{cluster_id} {self.desk.worklist.name_of(cluster_id)}" if cluster_id else ""
        heading = Content.assemble(
            (QUESTIONS[verdict], "bold"), f" {about}\n", (" / ".join(mention.names), "$accent"), "\n"
        )
        reasons = "; ".join(candidate.reasons) if verdict == "same" and candidate else ""
        fields = [
            *(self._new_fields() if verdict == NEW else ()),
            Field("reason", "Reason, in words that another officer can check", reasons),
            Field("evidence_address", "Evidence: address of a page, or a listed document", mention.page_address),
        ]

        def write(answers: dict[str, str]) -> None:
            given = Verdict(mention.mention_key, verdict, cluster_id, decided_by=self.reviewer, **answers)
            self._written(self.desk.decide([given]))

        def after(is_written: bool | None) -> None:
            settled = verdict in (*PLACING, NEW) or verdict == "unsure"
            self._go_on(to_next=bool(is_written) and settled)

        self.push_screen(AnswerDialog(heading, fields, self._guarded(write), "writes the verdict"), after)

    def action_undo(self) -> None:
        """Withdraw the last verdict of this session, or the decision on the mention that is shown."""
        if self.session.written:
            row = self.session.written[-1].row
            key, cluster_id = row["mention_key"], row["cluster_id"]
        else:
            key, cluster_id = self.mention.mention_key, ""
        try:
            decision = self.desk.decision_to_undo(key, cluster_id)
        except SourceError:
            self.notify("There is nothing to undo here; observatory review --undo reaches older decisions.")
            return
        words = f"{panels.VERDICT_WORDS[decision.verdict]} {decision.cluster_id}".strip()
        heading = Content.assemble(("Withdraw the verdict:", "bold"), f" {words}\n", (key, "$accent"), "\n")

        def write(answers: dict[str, str]) -> None:
            self.desk.withdraw(decision, answers["reason"], self.reviewer)
            self.session.n_withdrawn += 1
            self.session.written = self.session.written[:-1]

        def after(is_written: bool | None) -> None:
            keys = [each.mention_key for each in self.queue]
            if is_written and key in keys:
                self.place = keys.index(key)
            self.show(decision.cluster_id)

        fields = [Field("reason", "Why it no longer counts")]
        self.push_screen(AnswerDialog(heading, fields, self._guarded(write), "withdraws it"), after)

    def action_search(self) -> None:
        """Look a cluster up and make it a candidate."""
        mention = self.mention

        def search(words: str) -> list[Cluster]:
            return self.desk.worklist.search(words, is_synthetic=mention.is_synthetic)

        def after(cluster_id: str | None) -> None:
            if cluster_id and cluster_id not in [each.cluster_id for each in self._candidates()]:
                found = Candidate(cluster_id, None, (), "", "")
                self.looked_up.setdefault(mention.mention_key, []).append(found)
            self.show(cluster_id or "")

        self.push_screen(SearchDialog(search), after)

    def action_step(self, steps: int) -> None:
        """Another mention; the list does not wrap around."""
        self.place = min(max(self.place + steps, 0), len(self.queue) - 1)
        self.show()

    def action_help(self) -> None:
        """What the keys do."""
        self.push_screen(HelpDialog())

    async def action_quit(self) -> None:
        """End; everything decided is on the disk."""
        self.exit(self.session)

    def _candidates(self) -> list[Candidate]:
        """The proposals and what was looked up, without what was refused meanwhile."""
        worklist, key = self.desk.worklist, self.mention.mention_key
        looked_up = [each for each in self.looked_up.get(key, ()) if each.cluster_id not in worklist.refused(key)]
        return [*worklist.candidates(self.mention), *looked_up]

    def _new_fields(self) -> list[Field]:
        mention = self.mention
        return [
            Field("unit_kind", "What it is", next(iter(self.desk.unit_kinds)), self.desk.unit_kinds),
            Field("label", "Label: the name by which an editor finds it", next(iter(mention.names), "")),
            Field(
                "country_code",
                "Country of the seat, two letters (JP: JPC id, else EUC), or - for none",
                self.desk.seat_of(mention),
            ),
        ]

    def _written(self, written: list[Written]) -> None:
        self.session.written += written
        for each in written:
            about = each.row["cluster_id"]
            self.notify(f"Written: {panels.VERDICT_WORDS[each.row['verdict']]} {about}", timeout=4, markup=False)

    def _guarded(self, write: Write) -> Write:
        """``write``, after which the register is read again if somebody else changed it."""

        def guarded(answers: dict[str, str]) -> None:
            try:
                write(answers)
            except RegisterChanged:
                self.desk.read_again()
                raise

        return guarded

    def _go_on(self, *, to_next: bool) -> None:
        """To the next mention that is still open, or stay if this one is or none is left."""
        if to_next:
            still_open = {each.mention_key for each in self.desk.worklist.open_mentions()}
            later = range(self.place + 1, len(self.queue))
            ahead = [place for place in later if self.queue[place].mention_key in still_open]
            if ahead:
                self.place = ahead[0]
            elif not still_open:
                self.notify("Every mention is decided. q quits.", timeout=8)
        self.show()

    def _show_rows(self) -> None:
        selected = self.selected
        cluster_id = selected.cluster_id if selected else ""
        self.query_one("#rows").border_title = f"Rows of {cluster_id}" if cluster_id else "Rows of the candidate"
        self._fill("#rows_text", panels.rows_of_candidate(self.desk.worklist, self.mention, cluster_id))
        self.query_one("#rows", VerticalScroll).scroll_home(animate=False)

    def _fill(self, panel: str, text: Content) -> None:
        self.query_one(panel, Static).update(text)


def _key_lines() -> Content:
    lines = []
    for line in KEYS:
        parts: list[tuple[str, str] | str] = []
        for key, words in line:
            parts += [(f" {key}", "bold $accent"), f" {words} "]
        lines.append(Content.assemble(*parts))
    return Content("\n").join(lines)
