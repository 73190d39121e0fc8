"""Who is forgotten: the list, the responses it means, the release id, the dates of retention."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.landing import land_source
from ingest.problem import Outcome, SourceError
from ingest.source_card import SourceCard
from ingest.survey.forgotten import Forgotten, ForgottenRow, forgotten_path, read_forgotten, remember_forgotten
from ingest.survey.person_search import Wave, candidates
from ingest.survey.pseudonym import (
    SYNTHETIC_KEY,
    key_id,
    key_path,
    pseudonym,
    purpose_of,
    read_key,
    respondent_ids,
)
from ingest.survey.retention import newest_review, retention_problems
from orchestration.check_command import run_check
from orchestration.edition_validation import edition_problems
from orchestration.release.identity import identify
from orchestration.retention import build_warnings, warnings_today
from orchestration.settings import Settings
from tests.faults.told import told
from tests.unit.dropped_wave import drop_wave

MAIL = "mihon@example.org"


def row(name: str, key: bytes = SYNTHETIC_KEY, survey: str = "mihon", wave: str = "2020") -> ForgottenRow:
    return ForgottenRow(survey, wave, "email", name, key_id(key), "2020-06-01")


def digits(number: int) -> str:
    return f"{number:016x}"


def test_the_list_holds_pseudonyms_only_and_each_once(tmp_path: Path) -> None:
    assert read_forgotten(tmp_path) == Forgotten()
    assert not key_path(tmp_path).exists()
    remember_forgotten(tmp_path, [row(digits(1))])
    after = remember_forgotten(tmp_path, [row(digits(1)), row(digits(2))])
    assert [each.pseudonym for each in after.rows] == [digits(1), digits(2)]
    assert read_forgotten(tmp_path) == after
    path = forgotten_path(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8").splitlines()[0] == "survey,wave,role,pseudonym,key_id,forgotten_on"


def test_what_several_add_at_once_is_all_there(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: remember_forgotten(tmp_path, [row(digits(number))]), range(24)))
    assert read_forgotten(tmp_path).pseudonyms == {digits(number) for number in range(24)}


def test_the_digest_is_of_whom_the_list_means() -> None:
    one, two = row(digits(1)), row(digits(2))
    assert Forgotten().digest == ""
    assert Forgotten((one, two)).digest == Forgotten((two, one)).digest != Forgotten((one,)).digest


def test_another_key_stops_because_everybody_would_be_back(tmp_path: Path) -> None:
    remember_forgotten(tmp_path, [row(digits(1), read_key(tmp_path, {}))])
    key_path(tmp_path).unlink()
    with pytest.raises(SourceError) as error:
        read_forgotten(tmp_path)
    told(error.value.problems, "survey_forgotten_key", Outcome.STOP, ["another key", "would be back"], ["別の鍵"])


@pytest.mark.parametrize("line", ["mihon,2020,email", f"mihon,2020,email,{MAIL},x,2020-06-01", "a,b,c,d,e,f,g"])
def test_a_damaged_list_stops_and_is_not_quoted(tmp_path: Path, line: str) -> None:
    remember_forgotten(tmp_path, [row(digits(1))])
    with forgotten_path(tmp_path).open("a", encoding="utf-8") as stream:
        stream.write(f"{line}\n")
    with pytest.raises(SourceError) as error:
        read_forgotten(tmp_path)
    problem = told(
        error.value.problems, "survey_forgotten_damaged", Outcome.STOP, ["forgotten.csv, row 3"], ["壊れています"]
    )
    assert MAIL not in str(problem) + problem.japanese
    with pytest.raises(SourceError):
        remember_forgotten(tmp_path, [row(digits(2))])


def test_who_is_left_out_by_which_role() -> None:
    """An address is one person in every survey, a token within its survey, a number within its wave."""
    columns = {
        "email": pa.array(["Mihon@example.org ", "", None, "other@example.org"]),
        "token": pa.array(["t1", "t2", "t2", "t1"]),
        "response_id": pa.array(["1", "2", "3", "4"]),
    }

    def left_out(role: str, value: str, *place: str) -> list[bool]:
        name = pseudonym(value, SYNTHETIC_KEY, purpose_of(role, *place))
        found: list[bool] = Forgotten((row(name),)).mask(columns, "mihon", "2020", SYNTHETIC_KEY).to_pylist()
        return found

    assert left_out("email", MAIL, "elsewhere", "1999") == [True, False, False, False]
    assert left_out("token", "t2", "mihon", "1999") == [False, True, True, False]
    assert not any(left_out("token", "t2", "elsewhere", "2020"))
    assert left_out("response_id", "3", "mihon", "2020") == [False, False, True, False]
    assert not any(left_out("response_id", "3", "mihon", "1999"))
    assert not any(left_out("token", "", "mihon", "2020"))


def test_what_the_marts_show_of_a_person_leaves_the_person_out() -> None:
    columns = {"token": pa.array(["t1", "t2", ""]), "email": pa.array(["", MAIL, ""])}
    ids = respondent_ids(columns, "mihon", "2020", SYNTHETIC_KEY)
    assert ids is not None
    shown = ids.to_pylist()
    assert shown[2] is None
    for place, name in enumerate(shown[:2]):
        mask = Forgotten((row(name),)).mask(columns, "mihon", "2020", SYNTHETIC_KEY)
        assert mask.to_pylist() == [place == other for other in range(3)]
    assert respondent_ids({"name": pa.array(["Mihon"])}, "mihon", "2020", SYNTHETIC_KEY) is None


def test_what_is_typed_becomes_every_pseudonym_it_may_stand_for() -> None:
    keys = {Wave("mihon", "2019"): b"k" * 32, Wave("mihon", "2020", True): SYNTHETIC_KEY}
    found = candidates(MAIL, keys, "2020-06-01")
    for wave, key in keys.items():
        name = pseudonym(MAIL, key, "email")
        assert (found[name].role, found[name].wave, found[name].key_id) == ("email", wave.wave, key_id(key))
    assert MAIL not in str(found)
    shown = candidates(digits(7), keys, "2020-06-01")
    assert shown[digits(7)].role == "respondent_id"


def wave_card(
    folder: Path, until: str, reviewed_on: str, table: str = "response", synthetic: bool = True
) -> SourceCard:
    content = {
        "kind": "survey", "table": table, "family": "mihon", "edition": "2020", "file": "mihon.csv",
        "reviewed_on": reviewed_on, "synthetic": True, "survey": {"retention_until": until} if until else {},
    }  # fmt: skip
    return SourceCard(folder / "source.yml", content)


def test_a_wave_past_its_date_is_told_and_the_last_day_still_counts(tmp_path: Path) -> None:
    cards = [wave_card(tmp_path, "2024-03-31", "2020-01-01"), wave_card(tmp_path, "", "2024-03-31", "result")]
    assert newest_review(cards) == "2024-03-31"
    assert retention_problems(cards, newest_review(cards)) == []
    told(
        retention_problems(cards, "2024-04-01"), "survey_retention_passed", Outcome.WARN,
        ["wave mihon/2020: 2024-03-31", "--withdraw mihon/2020", "without the columns that tell who answered"],
        ["期限は2024-03-31", "期限を過ぎています"],
    )  # fmt: skip
    assert retention_problems([wave_card(tmp_path, "", "2020-01-01")], "2999-01-01") == []


def test_a_build_goes_by_the_cards_and_status_and_check_by_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    card = drop_wave(tmp_path / "sources", until="2998-12-31")
    settings = Settings(home=tmp_path / "home", inbox=tmp_path / "inbox", extra_sources=(tmp_path / "sources",))
    monkeypatch.setattr("orchestration.retention.today", lambda: "2999-01-01")
    monkeypatch.setattr("orchestration.check_command.today", lambda: "2999-01-01")
    assert build_warnings(settings) == [], "no card was reviewed after the date"
    told_today = [line for line in warnings_today(settings) if "mihon_survey" in line]
    assert len(told_today) == 1
    assert "wave mihon_survey/2020: 2998-12-31, looked at on 2999-01-01" in told_today[0]
    for in_japanese, told_so in ((False, "personal data of a wave is kept has passed"), (True, "期限を過ぎています")):
        run_check(settings, [card.path], in_japanese=in_japanese)
        assert told_so in capsys.readouterr().out


def test_whom_a_release_leaves_out_is_part_of_its_id(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, inbox=tmp_path / "inbox", extra_sources=())
    before = identify(settings)
    assert not key_path(tmp_path).exists(), "bundled surveys are synthetic, so that every home has the same release"
    remember_forgotten(tmp_path, [row(digits(1))])
    after = identify(settings)
    assert after.release_id != before.release_id
    assert (after.code, after.lock) == (before.code, before.lock)


def test_whoever_is_left_out_is_counted_and_not_missed_by_the_border(tmp_path: Path) -> None:
    card = drop_wave(tmp_path / "sources")
    raw = tmp_path / "home" / "work" / "raw"
    assert edition_problems(card, land_source(card, raw).path, None, tmp_path) == []
    remember_forgotten(tmp_path / "home", [row(pseudonym("jiro@sample.example.org", SYNTHETIC_KEY, "email"))])
    landed = land_source(card, raw)
    assert not landed.is_reused
    assert pq.read_table(landed.path)["response_id"].to_pylist() == ["R_mihon1", "R_mihon2", "R_mihon3"]
    assert pq.read_table(next((raw / "survey__file").glob("mihon*/*.parquet")))["n_forgotten"].to_pylist() == [1]
    told(landed.facts.problems, "survey_persons_forgotten", Outcome.FIX, ["responses left out: 1"], ["1件の回答"])
    assert edition_problems(card, landed.path, None, tmp_path) == []
