with cluster as (
    select
        *,
        {{ earlier_line('cluster_id') }} as earlier
    from {{ ref('stg_registry__cluster') }}
),

kind as (
    select string_agg(unit_kind, ', ' order by unit_kind) as unit_kinds from {{ ref('unit_kind') }}
),

checked as (
    select
        cluster.*,
        unnest([
            {{ odd_id('cluster_id', 'JPC-0042', 'earlier') }},
            case when unit_kind is null or unit_kind not in (select unit_kind from {{ ref('unit_kind') }}) then
                {{ register_fault(
                    "'the kind of unit is not known'", "unit_kind", "'one of ' || kind.unit_kinds",
                    "'correct unit_kind'"
                ) }}
            end,
            case when regexp_extract(country_code, '^([A-Z]{2})$', 1) = '' then
                {{ register_fault(
                    "'the country is not a code'", "country_code", "'two capital letters of ISO 3166-1, or nothing'",
                    "'correct country_code'"
                ) }}
            end,
            {{ missing_cell('label') }},
            {{ odd_boolean('is_synthetic') }},
            {{ odd_day('minted_on') }}
        ]) as fault
    from cluster
    cross join kind
)

select
    register_file,
    line_number,
    'cluster ' || coalesce(cluster_id, 'without id') || ': ' || fault.problem as problem,
    fault.remedy as remedy
from checked
where fault is not null
