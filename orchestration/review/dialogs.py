"""The windows that the review screen opens: reason and evidence, the search, the help.

Belongs here: asking one thing and giving the answer back. Does not belong here: what is done with it (``screen``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList, Select, Static
from textual.widgets.option_list import Option

from ingest.problem import SourceError
from ingest.registry.files import RegisterChanged
from ingest.registry.register import Cluster

HELP = """\
[b]What is this row?[/b] On the left the printed row, on the right the rows that the \
selected candidate has already. Nothing is written before Enter in the next window.

[b]s[/b] same            it is the selected cluster
[b]d[/b] different       it is not; the candidate is not proposed again
[b]u[/b] unsure          you looked and found nothing; say where you looked
[b]n[/b] new             none of the register's clusters: mints an id
[b]x[/b] no cluster      an authority, a company, a bank
[b]i[/b] not identified  a country, a region, a group; no body is named
[b]z[/b] undo            takes your last verdict back; its row stays

[b]↑ ↓[/b] candidate   [b]← →[/b] row   [b]Tab[/b] to a panel, to scroll it
[b]/[/b] search the register; Enter makes the cluster a candidate
[b]q[/b] quit; everything decided is on the disk already

Evidence is the page or listed document in which it stands; the page of the edition is \
filled in. docs/mapping-guide.md says what counts as evidence.\
"""


Write = Callable[[dict[str, str]], None]


@dataclass(frozen=True)
class Field:
    """One question of a window: its name, its words, and the answer that stands there; ``choices`` make it a list."""

    name: str
    words: str
    value: str = ""
    choices: Mapping[str, str] | None = None


class AnswerDialog(ModalScreen[bool]):
    """Questions with one line each. Enter hands the answers to ``write``; its sentence is shown if it refuses."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Back")]
    CSS = """
    AnswerDialog { align: center middle; }
    AnswerDialog > VerticalScroll {
        width: 92%; max-width: 110; height: auto; max-height: 95%;
        border: round $accent; background: $surface; padding: 0 1;
    }
    AnswerDialog Input, AnswerDialog Select { margin-bottom: 1; }
    AnswerDialog .words { color: $text-muted; }
    #refusal { color: $error; height: auto; }
    """

    def __init__(self, heading: Content, fields: Sequence[Field], write: Write, enter: str) -> None:
        """``write`` does what was asked or raises SourceError; ``enter`` says what Enter does."""
        super().__init__()
        self.heading = heading
        self.fields = fields
        self.write = write
        self.enter = enter

    def compose(self) -> ComposeResult:
        """The heading, each field under its words, the place for a refusal."""
        with VerticalScroll(can_focus=False):
            yield Static(self.heading, id="heading")
            for field in self.fields:
                yield Label(field.words, classes="words", markup=False)
                if field.choices is None:
                    yield Input(field.value, id=field.name, compact=True, select_on_focus=False)
                else:
                    options = [(words, code) for code, words in field.choices.items()]
                    yield Select(options, id=field.name, value=field.value, allow_blank=False, compact=True)
            yield Static("", id="refusal", markup=False)
            yield Label(f"Enter {self.enter}   Tab next line   Esc back", classes="words")

    def on_mount(self) -> None:
        """Begin in the first line that is empty, else in the first."""
        lines = list(self.query(Input))
        next((each for each in lines if not each.value), lines[0]).focus()

    def on_input_submitted(self) -> None:
        """Try to write; stay open with the sentence if that is refused."""
        answers = {field.name: str(self._value(field.name)) for field in self.fields}
        try:
            self.write(answers)
        except RegisterChanged as error:
            self.app.notify(str(error), severity="error", timeout=15, markup=False)
            self.dismiss(False)
        except SourceError as error:
            self.query_one("#refusal", Static).update(
                "\n".join(
                    f"{each.what[0].upper()}{each.what[1:]}. Found: {each.found}. What to do: {each.remedy}."
                    for each in error.problems
                )
            )
        else:
            self.dismiss(True)

    def action_cancel(self) -> None:
        """Close without writing."""
        self.dismiss(False)

    def _value(self, name: str) -> object:
        widget = self.query_one(f"#{name}")
        return widget.value if isinstance(widget, Input | Select) else ""


class SearchDialog(ModalScreen[str]):
    """A search of the register while one types; gives back the id of the chosen cluster, or the empty text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Back"),
        Binding("down", "results", "Results", priority=False),
    ]
    CSS = """
    SearchDialog { align: center middle; }
    SearchDialog > VerticalScroll {
        width: 92%; max-width: 110; height: 90%; border: round $accent; background: $surface; padding: 0 1;
    }
    SearchDialog OptionList { height: 1fr; }
    """

    def __init__(self, search: Callable[[str], Sequence[Cluster]]) -> None:
        """``search`` finds clusters by words."""
        super().__init__()
        self.search = search

    def compose(self) -> ComposeResult:
        """The line to type in and what was found."""
        with VerticalScroll(can_focus=False):
            yield Label("Words of a name in any language, an id, or words of a note")
            yield Input(id="words", compact=True)
            yield OptionList(id="found", compact=True)
            yield Label("Enter takes the marked cluster as a candidate   ↓ results   Esc back")

    def on_mount(self) -> None:
        """Begin in the line to type in."""
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search again."""
        found = self.query_one("#found", OptionList)
        found.clear_options()
        for cluster in self.search(event.value):
            words = Content.assemble(
                (f"{cluster.cluster_id} ", "$accent"), cluster.label, (f" {cluster.country_code} {cluster.note}", "dim")
            )
            found.add_option(Option(words, id=cluster.cluster_id))
        found.highlighted = 0 if found.option_count else None

    def on_input_submitted(self) -> None:
        """Take the marked result."""
        found = self.query_one("#found", OptionList)
        if found.highlighted is not None:
            self.dismiss(str(found.get_option_at_index(found.highlighted).id))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the result that was chosen in the list."""
        self.dismiss(str(event.option.id))

    def action_results(self) -> None:
        """Move from the line to the results."""
        self.query_one("#found", OptionList).focus()

    def action_cancel(self) -> None:
        """Close without a choice."""
        self.dismiss("")


class HelpDialog(ModalScreen[None]):
    """What the keys do."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "dismiss", "Back")]
    CSS = """
    HelpDialog { align: center middle; }
    HelpDialog > VerticalScroll {
        width: 92%; max-width: 100; height: auto; max-height: 95%;
        border: round $accent; background: $surface; padding: 0 1;
    }
    """

    def compose(self) -> ComposeResult:
        """The text."""
        with VerticalScroll():
            yield Static(HELP)
