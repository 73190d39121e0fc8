"""Two-mode networks against one drawn and counted by hand, and properties that any network has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics.statistics.network import TwoModeNetwork, crossed_groups, projected_links

#  a - 1    d - 4    e - 5       Three components: {a, b, c, 1, 2} with four ties, {d, 4} with one and {e, f, 5} with
#  | \                |          two. 6 + 4 parties, 7 ties of 24 possible.
#  2   b - 1          f
#  |   (b is tied with 1, c with 2)
#  c
TIES = frozenset({("a", "1"), ("a", "2"), ("b", "1"), ("c", "2"), ("d", "4"), ("e", "5"), ("f", "5")})
NETWORK = TwoModeNetwork(TIES)


def test_components_are_those_drawn_by_hand() -> None:
    found = [(each.number, each.parties, each.n_ties) for each in NETWORK.components()]
    assert found == [(1, ("a", "b", "c", "1", "2"), 4), (2, ("e", "f", "5"), 2), (3, ("d", "4"), 1)]


def test_degree_and_density_are_those_counted_by_hand() -> None:
    left, right = NETWORK.degrees()
    assert left == {"a": 2, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}
    assert right == {"1": 2, "2": 2, "4": 1, "5": 2}
    assert NETWORK.density == 7 / 24


def test_a_name_on_both_sides_is_two_parties() -> None:
    assert len(TwoModeNetwork(frozenset({("x", "y"), ("y", "z")})).components()) == 2


def test_a_network_without_ties_has_no_density() -> None:
    empty = TwoModeNetwork(frozenset())
    assert (empty.density, empty.components()) == (None, [])


def test_groups_are_linked_by_the_partners_they_share() -> None:
    """a and b lie in north, c in south, e and f in south: 1 joins nothing new, 2 joins north (a) and south (c)."""
    place = {"a": "north", "b": "north", "c": "south", "d": "east", "e": "south", "f": "south"}
    [link] = projected_links((tie, tie[1], place[tie[0]]) for tie in TIES)
    assert (link.group_a, link.group_b, link.shared) == ("north", "south", ("2",))
    assert link.ties == {("a", "2"), ("c", "2")}


def test_ties_are_counted_between_groups_of_the_two_sides() -> None:
    crossed = crossed_groups(
        TIES, {"a": ["north"], "b": ["north"], "c": ["south"]}, {"1": ["DE"], "2": ["DE", "FR"], "5": ["IT"]}
    )
    assert {pair: len(ties) for pair, ties in crossed.items()} == {
        ("north", "DE"): 3,
        ("north", "FR"): 1,
        ("south", "DE"): 1,
        ("south", "FR"): 1,
    }


@given(st.frozensets(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("12345678")), min_size=1))
def test_degrees_and_components_account_for_every_tie_and_party(ties: frozenset[tuple[str, str]]) -> None:
    network = TwoModeNetwork(ties)
    left, right = network.degrees()
    components = network.components()
    assert left.total() == right.total() == len(ties) == sum(each.n_ties for each in components)
    assert sorted(party for each in components for party in each.parties) == sorted([*network.left, *network.right])
    # A component of n parties needs n - 1 ties, and no tie leaves it.
    home = {party: each.number for each in components for party in each.parties}
    assert all(each.n_ties >= len(each.parties) - 1 for each in components)
    assert all(home[one] == home[other] for one, other in ties)
