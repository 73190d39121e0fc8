-- Names as printed, one per edition, and the published spelling variants of a name that a cluster is known by.
with placement as (
    select * from {{ ref('int_mention_placement') }}
    where cluster_id is not null
),

printed as (
    select cluster_id, name_printed as name, 'printed' as name_kind, edition_id, row_id, is_synthetic
    from placement
    union all
    select cluster_id, name_en_printed as name, 'printed_english' as name_kind, edition_id, row_id, is_synthetic
    from placement
    union all
    select cluster_id, name_ja_printed as name, 'printed_japanese' as name_kind, edition_id, row_id, is_synthetic
    from placement
),

label as (
    select
        cluster_id,
        label as name,
        'label' as name_kind,
        cast(null as {{ dbt.type_string() }}) as edition_id,
        cast(null as {{ dbt.type_string() }}) as row_id,
        is_synthetic
    from {{ ref('int_cluster') }}
),

known as (
    select * from printed
    where name is not null
    union all
    select * from label
),

variant as (
    select
        known.cluster_id,
        variant.name_variant as name,
        'variant' as name_kind,
        variant.edition_id,
        variant.row_id,
        variant.is_synthetic
    from {{ ref('int_name_variant') }} as variant
    inner join (
        select distinct cluster_id, {{ name_key('name') }} as name_key, is_synthetic from known
    ) as known
        on {{ name_key('variant.name_standard') }} = known.name_key
        and variant.is_synthetic = known.is_synthetic
    where variant.is_current and variant.entity_kind in ('organisation', 'partnership')
),

named as (
    select * from known
    union all
    select * from variant
),

-- A list in Japanese and one other language prints its Latin names in that other language.
coded as (
    select
        named.*,
        {{ name_key('named.name') }} as name_key,
        {{ script_code('named.name') }} as script_code,
        trim(both ';' from replace(';' || edition.language || ';', ';ja;', ';')) as other_language
    from named
    left join {{ ref('int_edition') }} as edition on named.edition_id = edition.edition_id
),

-- One row per cluster, name, language, script and edition: the first row that prints it stands for the others.
ranked as (
    select
        *,
        case
            when script_code = 'Jpan' then 'ja'
            when name_kind = 'printed_english' then 'en'
            when length(other_language) = 2 then other_language
            else 'und'
        end as language_code,
        row_number() over (
            partition by cluster_id, name, edition_id
            order by
                case name_kind
                    when 'printed_english' then 1 when 'printed_japanese' then 2 when 'printed' then 3 else 4
                end,
                row_id
        ) as name_rank
    from coded
)

select * from ranked
where name_rank = 1
