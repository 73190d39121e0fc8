with part as (
    select * from {{ ref('int_internationalisation_part') }}
),

counted as (
    select
        *,
        {% for part in internationalisation_parts() -%}
        case when {{ part }} then 1 else 0 end{{ ' +' if not loop.last }}
        {% endfor -%} as n_parts,
        {% for part in internationalisation_parts() -%}
        case when {{ part }} is not null then 1 else 0 end{{ ' +' if not loop.last }}
        {% endfor -%} as n_parts_known
    from part
)

select
    cluster_id,
    edition_id,
    level_printed,
    level_code,
    has_english_site,
    has_international_contact,
    has_foreign_agreement,
    has_rit_participation,
    has_escp4i_membership,
    has_office_abroad,
    n_parts,
    n_parts_known,
    {{ internationalisation_level() }} as ordinal_level,
    'internationalisation-1' as method_version,
    row_id,
    is_synthetic
from counted
