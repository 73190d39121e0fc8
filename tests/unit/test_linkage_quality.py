"""How well the matcher links names it was not tuned on: the held-out parts of tests/golden/linkage."""

from __future__ import annotations

import pytest

from tests.benchmarks.linkage_ours import our_groups
from tests.benchmarks.linkage_rivals import plain_pairs
from tests.benchmarks.linkage_set import HELD_OUT, UNSEEN, Mention, cross_edition_pairs, labelled, quality


@pytest.fixture(scope="module", params=[HELD_OUT, UNSEEN])
def mentions(request: pytest.FixtureRequest) -> list[Mention]:
    return labelled(request.param)


@pytest.fixture(scope="module")
def groups(mentions: list[Mention]) -> list[list[Mention]]:
    return our_groups(mentions)


def test_names_of_one_body_are_found_across_rosters_and_languages(
    mentions: list[Mention], groups: list[list[Mention]]
) -> None:
    ours = quality(mentions, cross_edition_pairs(groups))
    assert ours.f1 >= 0.85, ours
    assert ours.f1 >= quality(mentions, plain_pairs(mentions)).f1 + 0.10, ours


def test_every_mention_is_in_one_group_and_no_group_has_two_of_one_roster(
    mentions: list[Mention], groups: list[list[Mention]]
) -> None:
    assert sorted(each.mention_id for group in groups for each in group) == sorted(m.mention_id for m in mentions)
    assert all(len({each.edition for each in group}) == len(group) for group in groups)


def test_the_labelled_set_is_what_the_targets_ask_for() -> None:
    everything = labelled()
    assert len(everything) >= 2000
    assert len({each.edition for each in everything}) == 4
    assert len({each.language for each in everything}) >= 15
    places = {(each.entity_id, each.edition) for each in everything}
    assert len(places) == len(everything), "a body stands in one roster twice"
    halves = {each.entity_id: each.split for each in everything}
    assert all(halves[each.entity_id] == each.split for each in everything), "a body stands in both halves"
    assert quality(everything, plain_pairs(everything)).f1 == pytest.approx(0.70, abs=0.05)
