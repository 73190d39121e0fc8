"""Which rows the estimates of internationalisation count, as ``membership`` asks for them.

Belongs here: one query per table of levels. Does not belong here: the queries of other topics, and the levels
themselves (marts).
"""

from __future__ import annotations

# Cells by which a level or a part of it is recognised, beside those by which a body is.
LEVEL_CELLS = (
    "internationalisation_level", "has_english_site", "website_status", "has_international_contact",
    "has_foreign_agreement", "has_office_abroad", "programme_links", "foreign_relations", "agreement",
    "agreement_date", "status", "start", "end",
)  # fmt: skip

# A level rests on its own row and, part by part, on rows of rosters and of lists of agreements.
LEVELS = """
    with evidence as (
        select cluster_id, edition_id, list(distinct evidence_row_id order by evidence_row_id) as rows
        from marts.fct_internationalisation_part
        where is_in_level and evidence_row_id is not null
        group by all
    ),
    level as (
        select level.cluster_id, level.edition_id, edition.family, edition.reference_date, level.is_synthetic,
               level.row_id, scale.name as scale, coalesce(scale.level, 'not_stated') as level_code,
               case when scale.name = 'ordinal' then evidence.rows end as other_row_ids
        from marts.fct_internationalisation as level
        join marts.dim_edition as edition using (edition_id)
        left join evidence using (cluster_id, edition_id),
        unnest([
            {'name': 'printed', 'level': coalesce(level.level_code, level.level_printed)},
            {'name': 'ordinal', 'level': cast(level.ordinal_level as varchar)}
        ]) as unnested(scale)
    )
"""
LEVEL_MEMBERS: dict[str, str] = {
    "internationalisation_level": f"""
        {LEVELS}
        select estimate.estimate_id, 'marts.fct_internationalisation' as table_name, level.cluster_id, level.row_id,
               level.other_row_ids, level.level_code as counts_as, level.level_code = estimate.level_code as is_counted
        from stats.internationalisation_level as estimate
        join level
          on level.edition_id = estimate.edition_id and level.is_synthetic = estimate.is_synthetic
         and level.scale = estimate.scale
        union all
        select estimate.estimate_id, 'marts.fct_internationalisation_part', part.cluster_id, level.row_id,
               [part.evidence_row_id], part.value_code, part.value_code = 'yes'
        from stats.internationalisation_level as estimate
        join marts.fct_internationalisation_part as part
          on part.edition_id = estimate.edition_id and part.part_code = estimate.level_code
         and part.value_code <> 'unknown'
        join marts.fct_internationalisation as level
          on level.cluster_id = part.cluster_id and level.edition_id = part.edition_id
         and level.is_synthetic = estimate.is_synthetic
        where estimate.scale = 'part'
    """,
    "level_transition": f"""
        {LEVELS}
        select estimate.estimate_id, 'marts.fct_internationalisation' as table_name, before.cluster_id,
               before.row_id, list_concat(before.other_row_ids, [after.row_id], after.other_row_ids) as other_row_ids,
               before.level_code || ' to ' || after.level_code as counts_as,
               after.level_code = estimate.to_level_code as is_counted
        from stats.level_transition as estimate
        join level as before
          on before.edition_id = estimate.from_edition_id and before.scale = estimate.scale
         and before.level_code = estimate.from_level_code
        join level as after
          on after.edition_id = estimate.to_edition_id and after.scale = estimate.scale
         and after.cluster_id = before.cluster_id
         and (before.is_synthetic or after.is_synthetic) = estimate.is_synthetic
    """,
    "level_sensitivity": """
        select estimate.estimate_id, 'marts.fct_internationalisation_sensitivity' as table_name,
               moved.cluster_id, level.row_id, [part.evidence_row_id] as other_row_ids,
               moved.value_code || ', level ' || moved.ordinal_level || ' to ' || moved.level_if_other as counts_as,
               moved.is_moved as is_counted
        from stats.level_sensitivity as estimate
        join marts.fct_internationalisation_sensitivity as moved
          on moved.edition_id = estimate.edition_id and moved.part_code = estimate.part_code
         and moved.is_synthetic = estimate.is_synthetic and moved.ordinal_level is not null
         and estimate.recorded_as in ('all', moved.value_code)
        join marts.fct_internationalisation as level
          on level.cluster_id = moved.cluster_id and level.edition_id = moved.edition_id
        join marts.fct_internationalisation_part as part
          on part.cluster_id = moved.cluster_id and part.edition_id = moved.edition_id
         and part.part_code = moved.part_code
    """,
}
