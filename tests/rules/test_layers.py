"""The direction of the SQL: which layer may read which, kept on the manifest of the dbt project."""

from __future__ import annotations

from typing import Any

Manifest = dict[str, Any]

MAY_READ = {
    "staging": {"raw", "seed"},
    "intermediate": {"staging", "intermediate", "seed"},
    "marts": {"intermediate", "marts", "seed"},
    "reports": {"marts", "intermediate"},
}
PREFIXES = {
    "staging": ("stg_",),
    "intermediate": ("int_",),
    "marts": ("dim_", "fct_", "bridge_"),
    "reports": ("rpt_",),
}


def models(manifest: Manifest) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def layer(manifest: Manifest, unique_id: str) -> str:
    if unique_id.startswith("source."):
        return str(manifest["sources"][unique_id]["source_name"])
    node = manifest["nodes"][unique_id]
    return "seed" if node["resource_type"] == "seed" else str(node["fqn"][1])


def test_every_model_lies_in_a_layer_and_is_named_after_it(dbt_manifest: Manifest) -> None:
    assert models(dbt_manifest), "no models were found"
    wrong = [
        f"{node['original_file_path']} is not named {' or '.join(PREFIXES.get(node['fqn'][1], ('like a layer',)))}..."
        for node in models(dbt_manifest)
        if not node["name"].startswith(PREFIXES.get(node["fqn"][1], ("no layer",)))
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_a_layer_reads_only_what_it_may(dbt_manifest: Manifest) -> None:
    wrong = [
        f"{node['name']} ({node['fqn'][1]}) reads {read.split('.', 2)[2]} ({layer(dbt_manifest, read)})"
        for node in models(dbt_manifest)
        for read in node["depends_on"]["nodes"]
        if layer(dbt_manifest, read) not in MAY_READ[node["fqn"][1]]
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_a_model_lands_in_the_schema_of_its_layer(dbt_manifest: Manifest) -> None:
    wrong = [node["name"] for node in models(dbt_manifest) if node["schema"] != node["fqn"][1]]
    assert not wrong, "\n".join(["", *wrong])


def test_every_intermediate_and_staging_model_is_read(dbt_manifest: Manifest) -> None:
    read = {each for node in dbt_manifest["nodes"].values() for each in node["depends_on"].get("nodes", [])}
    inner = [node for node in models(dbt_manifest) if node["fqn"][1] in {"staging", "intermediate"}]
    assert [node["name"] for node in inner if node["unique_id"] not in read] == []
