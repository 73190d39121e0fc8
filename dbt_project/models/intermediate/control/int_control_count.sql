-- Named counts of our own rows. A definition counts a unit if every attribute that it states is the unit's; several
-- definitions of one count are alternatives, and a unit that meets two of them counts once.
with

definition as (
    select * from {{ ref('control_count') }}
),

unit as (
    select * from {{ ref('int_control_unit') }}
),

counted as (
    select
        definition.count_code,
        max(definition.description) as description,
        cast(count(distinct unit.unit_id) as integer) as n
    from definition
    left join unit
        on definition.unit_kind = unit.unit_kind
        and (definition.programme_code is null or definition.programme_code = unit.programme_code)
        and (definition.edition_id is null or definition.edition_id = unit.edition_id)
        and (definition.fiscal_year is null or definition.fiscal_year = unit.fiscal_year)
        and (definition.stage_code is null or definition.stage_code = unit.stage_code)
        and (definition.area_group is null or definition.area_group = unit.area_group)
        and (definition.country_code is null or definition.country_code = unit.country_code)
        and (definition.is_partner_in_eu is null or definition.is_partner_in_eu = unit.is_partner_in_eu)
        and (definition.sector is null or definition.sector = unit.sector)
        and (definition.partnership_kind is null or definition.partnership_kind = unit.partnership_kind)
        and (definition.claim is null or definition.claim = unit.claim)
        and (definition.cited_source is null or definition.cited_source = unit.cited_source)
    group by definition.count_code
)

select * from counted
