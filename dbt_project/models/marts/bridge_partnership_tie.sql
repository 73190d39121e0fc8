with named as (
    select * from {{ ref('int_partnership_tie_row') }}
),

worded as (
    select
        *,
        case
            when verdict_jp = 'not_a_cluster' then '"' || party_jp_printed || '" is no cluster'
            when verdict_jp = 'not_identified' then 'nobody is identified behind "' || party_jp_printed || '"'
            when party_jp_printed is null then 'no Japanese party is printed'
            when cluster_id_jp is null then 'nobody has decided who "' || party_jp_printed || '" is'
        end as reason_jp,
        case
            when verdict_eu = 'not_a_cluster' then '"' || party_eu_printed || '" is no cluster'
            when verdict_eu = 'not_identified' then 'nobody is identified behind "' || party_eu_printed || '"'
            when party_eu_printed is null then 'no European party is printed'
            when cluster_id_eu is null then 'nobody has decided who "' || party_eu_printed || '" is'
        end as reason_eu
    from named
)

select
    row_id || '/' || row_kind as tie_row_id,
    case when basis is not null then cluster_id_jp || '/' || cluster_id_eu end as tie_id,
    row_kind,
    coalesce(basis, 'left_out') as basis,
    case when basis is null then concat_ws('; ', reason_jp, reason_eu) end as left_out_reason,
    party_jp_printed,
    party_eu_printed,
    cluster_id_jp,
    cluster_id_eu,
    programme_code,
    project_id,
    sector_printed,
    family,
    edition_id,
    row_id as evidence_row_id,
    is_synthetic
from worded
