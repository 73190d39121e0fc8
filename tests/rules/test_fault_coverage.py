"""Every fault of the catalogue has a marked test that asserts its outcome class, and the docs show them all."""

from __future__ import annotations

from tests.faults.coverage import PAGE, catalogue, fault_tests, page


def test_every_fault_has_a_test() -> None:
    held = {each.fault for each in fault_tests()}
    assert sorted(set(catalogue()) - held) == []
    assert sorted(held - set(catalogue())) == []


def test_fault_tests_are_marked() -> None:
    assert [each.name for each in fault_tests() if not each.is_marked] == []


def test_each_outcome_of_a_fault_is_asserted_by_its_tests() -> None:
    asserted: dict[str, set[str]] = {}
    for each in fault_tests():
        asserted.setdefault(each.fault, set()).update(each.outcomes)
    missing = {
        fault: sorted(set(row["outcome"].split()) - asserted.get(fault, set())) for fault, row in catalogue().items()
    }
    assert {fault: outcomes for fault, outcomes in missing.items() if outcomes} == {}


def test_the_page_in_the_docs_is_the_table_of_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
