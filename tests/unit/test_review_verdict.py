"""What may be decided, what is refused with which sentence, and what is still to decide afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.problem import SourceError
from ingest.registry.verdict import Verdict
from orchestration.review.desk import Desk
from tests.unit.review_world import (
    CLUSTERS,
    DECISIONS,
    KEYS,
    LIST_2019,
    OFFICE,
    PAGE,
    RIVER,
    TODAY,
    VALLEY,
    added_lines,
    make_desk,
)

BY = "registry editor"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def verdict(key: str, word: str, cluster: str = "", reason: str = "seen on the page") -> Verdict:
    return Verdict(key, word, cluster, reason, PAGE, BY)


def new(key: str, country: str = "JP") -> Verdict:
    return replace(verdict(key, "new"), unit_kind="initiative", label="Mihon, new", country_code=country)


def open_keys(desk: Desk) -> list[str]:
    return [each.mention_key for each in desk.worklist.open_mentions()]


def candidates(desk: Desk, key: str) -> list[str]:
    return [each.cluster_id for each in desk.worklist.candidates(desk.evidence.mentions[key])]


def refusal(desk: Desk, *verdicts: Verdict) -> str:
    with pytest.raises(SourceError) as error:
        desk.decide(verdicts)
    for name, before in (("decisions.csv", DECISIONS), ("clusters.csv", CLUSTERS)):
        assert (desk.target / name).read_text(encoding="utf-8") == before
    return str(error.value)


def test_a_decision_made_since_the_build_leaves_the_worklist(desk: Desk) -> None:
    assert open_keys(desk) == list(KEYS)
    desk.decide([verdict(RIVER, "same", "JPC-0007")])
    assert open_keys(desk) == [VALLEY, OFFICE]
    assert added_lines(desk, "decisions.csv", DECISIONS) == [
        f"{RIVER},JPC-0007,same,seen on the page,{PAGE},{BY},{TODAY},,"
    ]
    assert [each.mention_key for each in desk.worklist.rows_of("JPC-0007")] == [
        f"{LIST_2019}Mihon River Bio Cluster",
        RIVER,
    ]


def test_different_silences_the_candidate_and_settles_nothing(desk: Desk) -> None:
    assert candidates(desk, RIVER) == ["JPC-0007", "JPC-0009"]
    desk.decide([verdict(RIVER, "different", "JPC-0007")])
    assert candidates(desk, RIVER) == ["JPC-0009"]
    assert RIVER in open_keys(desk)
    desk.withdraw(desk.decision_to_undo(RIVER), "the wrong key", BY)
    assert candidates(desk, RIVER) == ["JPC-0007", "JPC-0009"]


def test_ids_are_minted_after_every_id_ever_published(desk: Desk) -> None:
    written = desk.decide([new(VALLEY), new(OFFICE, "-")])
    assert [each.row["cluster_id"] for each in written] == ["JPC-0041", "EUC-0002"]
    assert added_lines(desk, "clusters.csv", CLUSTERS) == [
        f'EUC-0002,initiative,"Mihon, new",,true,{TODAY},',
        f'JPC-0041,initiative,"Mihon, new",JP,true,{TODAY},',
    ]
    desk.withdraw(desk.decision_to_undo(VALLEY), "not new after all", BY)
    [again] = desk.decide([new(RIVER)])
    assert again.row["cluster_id"] == "JPC-0042"


def test_an_undo_adds_a_row_and_opens_the_mention_again(desk: Desk) -> None:
    key = f"{LIST_2019}Mihon Valley"
    decision = desk.decision_to_undo(key)
    desk.withdraw(decision, "two bodies of one name", "second editor")
    [line] = added_lines(desk, "decisions.csv", DECISIONS)
    assert line == (
        f"{key},JPC-0009,same,made up,https://list.example.org/2019,registry editor,2026-11-20,{TODAY},"
        "two bodies of one name (second editor)"
    )
    assert key in open_keys(desk)
    with pytest.raises(SourceError, match="there is no decision to undo"):
        desk.decision_to_undo(key)
    with pytest.raises(SourceError, match="is withdrawn already"):
        desk.withdraw(decision, "again", BY)
    desk.decide([verdict(key, "same", "JPC-0009")])
    assert key not in open_keys(desk)


def test_an_undo_needs_a_reason_and_a_decision_that_is_clear(desk: Desk) -> None:
    decision = desk.decision_to_undo(f"{LIST_2019}Mihon Valley")
    with pytest.raises(SourceError, match="has no reason"):
        desk.withdraw(decision, "  ", BY)
    desk.decide([verdict(RIVER, "different", "JPC-0007"), verdict(RIVER, "unsure", "JPC-0009")])
    with pytest.raises(SourceError, match=r"it is not clear which decision .* name its cluster with --cluster"):
        desk.decision_to_undo(RIVER)
    assert desk.decision_to_undo(RIVER, "JPC-0009").verdict == "unsure"


def test_being_sure_ends_being_unsure(desk: Desk) -> None:
    desk.decide([verdict(RIVER, "unsure", "JPC-0007", "no page found")])
    desk.decide([verdict(RIVER, "same", "JPC-0007")])
    [live] = desk.worklist.register.live(RIVER)
    assert live.verdict == "same"
    lines = added_lines(desk, "decisions.csv", DECISIONS)
    assert [line.split(",")[2] for line in lines] == ["unsure", "unsure", "same"]


def test_a_verdict_given_again_on_the_day_of_its_withdrawal_counts(desk: Desk) -> None:
    for reason in ("typed too fast", "seen on the page"):
        desk.decide([verdict(RIVER, "same", "JPC-0007", reason)])
        assert RIVER not in open_keys(desk)
        desk.withdraw(desk.decision_to_undo(RIVER), "the wrong key", BY)
        assert RIVER in open_keys(desk)
    desk.decide([verdict(RIVER, "same", "JPC-0007")])
    assert RIVER not in open_keys(desk)
    assert len(added_lines(desk, "decisions.csv", DECISIONS)) == 5


def test_a_withdrawal_stands_after_its_decision_whichever_file_is_written_to(desk: Desk, tmp_path: Path) -> None:
    """An office may take back what the project's register says, and the project what an office says."""
    office = tmp_path / "office" / "registry"
    key = f"{LIST_2019}Mihon Valley"
    from_office = Desk(desk.evidence, (desk.target,), office, TODAY)
    from_office.withdraw(from_office.decision_to_undo(key), "not ours", BY)
    from_office.decide([verdict(key, "not_a_cluster")])
    assert (desk.target / "decisions.csv").read_text(encoding="utf-8") == DECISIONS
    assert len((office / "decisions.csv").read_text(encoding="utf-8").splitlines()) == 3

    from_project = Desk(desk.evidence, (desk.target, office), desk.target, TODAY)
    from_project.withdraw(from_project.decision_to_undo(key), "a cluster after all", BY)
    assert (desk.target / "decisions.csv").read_text(encoding="utf-8") == DECISIONS
    assert key in open_keys(from_project)
    with pytest.raises(SourceError, match="would not count"):
        from_project.decide([verdict(key, "not_a_cluster")])
    from_project.decide([verdict(key, "not_identified")])
    assert key not in open_keys(from_project)


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        (verdict("mihon_list/2022/entry/Nobody", "not_a_cluster"), ["no mention has this key", "observatory build"]),
        (verdict(RIVER, "sme", "JPC-0007"), ["is not one of ours", "did you mean 'same'?"]),
        (verdict(RIVER, "same", "JPC-0008"), ["is not in the register", "'JPC-0008'", "the verdict 'new'"]),
        (verdict(RIVER, "same"), ["is not in the register"]),
        (verdict(RIVER, "same", "JPC-0010"), ["a synthetic row and a real cluster"]),
        (verdict(RIVER, "same", "JPC-0007", " "), ["has no reason"]),
        (replace(verdict(RIVER, "not_a_cluster"), evidence_address="a colleague"), ["cannot be looked up"]),
        (replace(verdict(RIVER, "not_a_cluster"), decided_by=""), ["nobody is named who decides", "--by ROLE"]),
        (replace(verdict(RIVER, "not_a_cluster"), decided_by="a.b@example.org"), ["by an e-mail address"]),
        (verdict(RIVER, "not_a_cluster", reason="says c.d@example.org"), ["holds contact data", "c.d@example.org"]),
        (replace(new(RIVER), unit_kind="club"), ["the kind of the new cluster", "'club'", "support_body"]),
        (replace(new(RIVER), country_code="JAP"), ["not a code of ISO 3166-1"]),
        (replace(new(RIVER), country_code=""), ["not a code of ISO 3166-1", "- for a body without a seat"]),
        (replace(new(RIVER), label=""), ["has no label"]),
        (
            verdict(f"{LIST_2019}Mihon Valley", "not_a_cluster"),
            [
                "meets a decision that counts",
                "decisions.csv, line 3",
                f"observatory review --undo '{LIST_2019}Mihon Valley' --cluster JPC-0009 --reason '...' --by ROLE",
            ],
        ),
        (verdict(f"{LIST_2019}Mihon Valley", "different", "JPC-0009"), ["'same' as to JPC-0009 in", "line 3"]),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(desk: Desk, given: Verdict, sentences: list[str]) -> None:
    told = refusal(desk, verdict(VALLEY, "same", "JPC-0009"), given)
    for sentence in sentences:
        assert sentence in told


def test_two_verdicts_that_contradict_each_other_are_both_named(desk: Desk) -> None:
    first = replace(verdict(RIVER, "same", "JPC-0007"), place="list.csv, row 2")
    second = replace(verdict(RIVER, "same", "JPC-0009"), place="list.csv, row 3")
    told = refusal(desk, first, second)
    assert "list.csv, row 3: two verdicts on" in told
    assert "'same' as to JPC-0009, and 'same' as to JPC-0007 in list.csv, row 2" in told
    assert "cannot both hold" in refusal(desk, first, replace(first, verdict="unsure"))


@pytest.mark.parametrize(
    ("country", "region", "seat"),
    [
        ("Japan", "", "JP"),
        ("UK", "", "GB"),
        ("", "Hyogo Prefecture", "JP"),
        ("", "兵庫県", "JP"),
        ("", "JP-28", "JP"),
        ("somewhere", "else", ""),
    ],
)
def test_the_seat_is_read_from_the_printed_country_or_region(desk: Desk, country: str, region: str, seat: str) -> None:
    assert desk.seat_of(replace(desk.evidence.mentions[RIVER], country=country, region=region)) == seat


@pytest.mark.parametrize("word", ["river", "見本川", "ＲＩＶＥＲ forum", "jpc-0007", "見本川バイオ"])
def test_the_register_is_searched_by_any_name_id_or_note(desk: Desk, word: str) -> None:
    found = [each.cluster_id for each in desk.worklist.search(word, is_synthetic=True)]
    assert found[0] == "JPC-0007"


def test_a_search_never_offers_a_real_cluster_for_a_synthetic_row(desk: Desk) -> None:
    assert [each.cluster_id for each in desk.worklist.search("namesake", is_synthetic=False)] == ["JPC-0010"]
    assert desk.worklist.search("namesake", is_synthetic=True) == []
