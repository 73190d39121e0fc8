"""Keys that a reviewer presses, and the bytes of the register afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from orchestration.review.desk import Desk
from orchestration.review.screen import ReviewApp, Session
from tests.unit.review_world import (
    CLUSTERS,
    DECISIONS,
    OFFICE,
    PAGE,
    RIVER,
    TODAY,
    VALLEY,
    added_lines,
    make_desk,
)

BY = "registry editor"
REASONS = "romanised name equal; same prefecture (Hyogo)"
Screen = Pilot[Session]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def at_the_screen(
    desk: Desk, work: Callable[[Screen], Coroutine[Any, Any, None]], size: tuple[int, int] = (80, 24)
) -> Session:
    """Open the screen, do the work, quit; the session that it gives back."""
    app = ReviewApp(desk, BY)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await work(pilot)
            await pilot.press("q")

    asyncio.run(run())
    assert app.return_value is not None
    return app.return_value


def pressed(*keys: str) -> Callable[[Screen], Coroutine[Any, Any, None]]:
    async def work(pilot: Screen) -> None:
        await pilot.press(*keys)
        await pilot.pause()

    return work


def shown(pilot: Screen, panel: str) -> str:
    return str(pilot.app.query_one(panel, Static).render())


def decided(key: str, cluster: str, verdict: str, reason: str) -> str:
    return f"{key},{cluster},{verdict},{reason},{PAGE},{BY},{TODAY},,"


def test_same_with_the_reasons_of_the_proposal(desk: Desk) -> None:
    session = at_the_screen(desk, pressed("s", "enter"))
    assert added_lines(desk, "decisions.csv", DECISIONS) == [decided(RIVER, "JPC-0007", "same", REASONS)]
    assert (desk.target / "clusters.csv").read_text(encoding="utf-8") == CLUSTERS
    assert [each.row["mention_key"] for each in session.written] == [RIVER]


def test_the_next_mention_follows_and_each_verdict_has_its_key(desk: Desk) -> None:
    at_the_screen(desk, pressed("s", "enter", "u", *"none", "enter", "x", *"office", "enter"))
    assert added_lines(desk, "decisions.csv", DECISIONS) == [
        decided(VALLEY, "JPC-0009", "unsure", "none"),
        decided(OFFICE, "", "not_a_cluster", "office"),
        decided(RIVER, "JPC-0007", "same", REASONS),
    ]


def test_different_stays_on_the_mention_and_takes_the_candidate_away(desk: Desk) -> None:
    async def work(pilot: Screen) -> None:
        await pressed("down", "d", *"other", "enter")(pilot)
        listed = pilot.app.query_one("#candidates", OptionList)
        assert [option.id for option in listed.options] == ["JPC-0007"]
        assert shown(pilot, "#title").startswith(" 1 of 3")
        assert "different from JPC-0009" in shown(pilot, "#decided_text")

    at_the_screen(desk, work)
    assert added_lines(desk, "decisions.csv", DECISIONS) == [decided(RIVER, "JPC-0009", "different", "other")]


def test_different_takes_a_candidate_away_that_was_looked_up(desk: Desk) -> None:
    async def work(pilot: Screen) -> None:
        await pressed("right", "right", "slash", *"riv", "enter", "d", *"no", "enter")(pilot)
        listed = pilot.app.query_one("#candidates", OptionList)
        assert [option.id for option in listed.options] == [None]

    at_the_screen(desk, work)
    assert added_lines(desk, "decisions.csv", DECISIONS) == [decided(OFFICE, "JPC-0007", "different", "no")]


def test_new_mints_an_id_and_places_the_mention(desk: Desk) -> None:
    at_the_screen(desk, pressed("right", "right", "n", *"young", "enter"))
    assert added_lines(desk, "clusters.csv", CLUSTERS) == [
        f"JPC-0041,cluster_organisation,Mihon Prefectural Office,JP,true,{TODAY},"
    ]
    assert added_lines(desk, "decisions.csv", DECISIONS) == [decided(OFFICE, "JPC-0041", "same", "young")]


def test_undo_adds_a_withdrawal_and_opens_the_mention_again(desk: Desk) -> None:
    async def work(pilot: Screen) -> None:
        await pressed("i", *"group", "enter", "z", *"named", "enter")(pilot)
        assert shown(pilot, "#title").startswith(" 1 of 3")
        assert "Withdrawn" in shown(pilot, "#decided_text")

    session = at_the_screen(desk, work)
    assert added_lines(desk, "decisions.csv", DECISIONS) == [
        decided(RIVER, "", "not_identified", "group"),
        decided(RIVER, "", "not_identified", "group").removesuffix(",,") + f",{TODAY},named ({BY})",
    ]
    assert (session.written, session.n_withdrawn) == ([], 1)
    assert RIVER in [each.mention_key for each in desk.worklist.open_mentions()]


def test_search_makes_a_cluster_a_candidate(desk: Desk) -> None:
    async def work(pilot: Screen) -> None:
        await pressed("right", "right", "slash", *"riv", "enter")(pilot)
        assert "Mihon River Bio Cluster" in shown(pilot, "#rows_text")
        await pressed("s", *"page", "enter")(pilot)

    at_the_screen(desk, work)
    assert added_lines(desk, "decisions.csv", DECISIONS) == [decided(OFFICE, "JPC-0007", "same", "page")]


def test_the_evidence_can_be_a_listed_document(desk: Desk) -> None:
    keys = ("x", *"office", "tab", "ctrl+u", *"D-1", "enter")
    at_the_screen(desk, pressed(*keys))
    [line] = added_lines(desk, "decisions.csv", DECISIONS)
    assert line == f"{RIVER},,not_a_cluster,office,D-1,{BY},{TODAY},,"


def test_a_refused_verdict_keeps_its_window_open_with_the_sentence(desk: Desk) -> None:
    async def work(pilot: Screen) -> None:
        await pressed("d", "enter")(pilot)
        assert "has no reason" in str(pilot.app.screen.query_one("#refusal", Static).render())
        await pressed("escape")(pilot)

    at_the_screen(desk, work)
    assert (desk.target / "decisions.csv").read_text(encoding="utf-8") == DECISIONS


def test_what_somebody_else_wrote_meanwhile_is_read_before_anything_is_written(desk: Desk) -> None:
    path = desk.target / "decisions.csv"
    other = DECISIONS + f"{RIVER},,not_a_cluster,an office,{PAGE},second editor,{TODAY},,\n"

    async def work(pilot: Screen) -> None:
        await pressed("s")(pilot)
        path.write_text(other, encoding="utf-8")
        await pressed("enter")(pilot)
        assert "second editor: an office" in shown(pilot, "#decided_text")

    at_the_screen(desk, work)
    assert path.read_text(encoding="utf-8") == other


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_the_printed_row_stands_beside_the_rows_of_the_candidate(desk: Desk, size: tuple[int, int]) -> None:
    async def work(pilot: Screen) -> None:
        assert shown(pilot, "#title").split("   ")[0] == " 1 of 3"
        assert "stops a release" in shown(pilot, "#title")
        printed = shown(pilot, "#printed_text")
        for text in ("見本川バイオクラスター", "mihon_2022.csv, row 2", "mihon_list/2022", "Prefecture: Hyogo"):
            assert text in printed
        assert "mihon_list/2019, as entry\n  Mihon River Bio Cluster\n  見本川" in shown(pilot, "#rows_text")
        await pressed("down")(pilot)
        assert "Mihon Valley" in shown(pilot, "#rows_text")
        # A Japanese letter takes two places: the two panels still end where the screen does.
        right = pilot.app.query_one("#rows").region
        assert right.right == size[0]

    at_the_screen(desk, work, size)


def test_signs_in_names_are_shown_as_they_are(desk: Desk) -> None:
    """Square brackets would be markup to the screen."""

    async def work(pilot: Screen) -> None:
        await pressed("slash", *"tal")(pilot)
        found = pilot.app.screen.query_one("#found", OptionList)
        assert "Beispieltal e.V. [sample]" in str(found.get_option_at_index(0).prompt)
        await pressed("escape", "question_mark", "escape")(pilot)

    at_the_screen(desk, work)
