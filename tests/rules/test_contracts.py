"""What is published is promised: enforced contracts, a grain in words, a text for every column, typed seeds."""

from __future__ import annotations

from typing import Any

from tests.rules.project_files import ROOT

Manifest = dict[str, Any]


def published(manifest: Manifest) -> list[dict[str, Any]]:
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return [node for node in nodes if node["fqn"][1] in {"marts", "reports"}]


def test_every_published_model_has_an_enforced_contract(dbt_manifest: Manifest) -> None:
    assert published(dbt_manifest), "no published models were found"
    assert [node["name"] for node in published(dbt_manifest) if not node["config"]["contract"]["enforced"]] == []


def test_a_description_starts_with_the_grain(dbt_manifest: Manifest) -> None:
    wrong = [node["name"] for node in published(dbt_manifest) if not node["description"].startswith("One row per ")]
    assert not wrong, "\n".join(["", *wrong])


def test_every_published_column_has_a_text_and_a_type(dbt_manifest: Manifest) -> None:
    wrong = [
        f"{node['name']}.{column['name']}"
        for node in published(dbt_manifest)
        for column in node["columns"].values()
        if not column["description"].strip() or not column["data_type"]
    ]
    assert not wrong, "\n".join(["", *wrong])
    assert [node["name"] for node in published(dbt_manifest) if not node["columns"]] == []


def test_one_column_name_has_one_type(dbt_manifest: Manifest) -> None:
    types: dict[str, dict[str, list[str]]] = {}
    for node in published(dbt_manifest):
        for column in node["columns"].values():
            kind = str(column["data_type"]).lower()
            types.setdefault(column["name"], {}).setdefault(kind, []).append(node["name"])
    assert {name: kinds for name, kinds in types.items() if len(kinds) > 1} == {}


def test_every_seed_has_a_text_and_types(dbt_manifest: Manifest) -> None:
    seeds = [node for node in dbt_manifest["nodes"].values() if node["resource_type"] == "seed"]
    assert seeds, "no seeds were found"
    wrong = []
    for seed in seeds:
        with (ROOT / "dbt_project" / seed["original_file_path"]).open(encoding="utf-8") as file:
            header = file.readline().strip().split(",")
        typed = {name for name, column in seed["columns"].items() if column.get("data_type")}
        typed |= set(seed["config"].get("column_types") or {})
        wrong += [f"{seed['name']}.{name}" for name in header if name not in typed]
        wrong += [] if seed["description"].strip() else [f"{seed['name']} has no description"]
    assert not wrong, "\n".join(["", *wrong])
