-- Every ordered pair of editions of a family, not only neighbours. Synthetic and real editions are never paired.
with edition as (
    select * from {{ ref('int_edition') }}
    where has_entries
)

select
    from_edition.family,
    from_edition.edition_id as from_edition_id,
    to_edition.edition_id as to_edition_id,
    from_edition.reference_date as from_date,
    to_edition.reference_date as to_date,
    to_edition.edition_order as to_order,
    to_edition.edition_order = from_edition.edition_order + 1 as is_adjacent,
    coalesce(from_edition.scope_rule <> to_edition.scope_rule, false) as is_scope_changed,
    max(to_edition.reference_date) over (partition by to_edition.family, to_edition.is_synthetic) as newest_date
from edition as from_edition
inner join edition as to_edition
    on from_edition.family = to_edition.family
    and from_edition.edition_order < to_edition.edition_order
    and from_edition.is_synthetic = to_edition.is_synthetic
