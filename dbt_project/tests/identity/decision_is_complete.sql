with checked as (
    select
        *,
        unnest([
            case
                when split_part(mention_key, '/', 3) in ('entry', 'lead', 'partner', 'member', 'party_jp', 'party_eu')
                    and split_part(mention_key, '/', 4) <> '' then null
                else
                    {{ register_fault(
                        "'the mention key is not complete'", "mention_key",
                        "'family/edition/role/row key, the role entry, lead, partner, member, party_jp or party_eu'",
                        "'copy the key from reports.rpt_unresolved_mention or marts.fct_mention'"
                    ) }}
            end,
            case
                when verdict in ('not_a_cluster', 'not_identified') and cluster_id is not null then
                    {{ register_fault(
                        "'the verdict ' || verdict || ' names a cluster'", "cluster_id", "'an empty cluster_id'",
                        "'empty cluster_id, or correct the verdict'"
                    ) }}
                when verdict in ('same', 'different', 'unsure') and cluster_id is null then
                    {{ register_fault(
                        "'the verdict ' || verdict || ' names no cluster'", "cluster_id", "'the id of a cluster'",
                        "'fill cluster_id'"
                    ) }}
                when verdict in ('same', 'different', 'unsure', 'not_a_cluster', 'not_identified') then null
                else
                    {{ register_fault(
                        "'the verdict is not known'", "verdict",
                        "'same, different, unsure, not_a_cluster or not_identified'", "'correct the verdict'"
                    ) }}
            end,
            {{ missing_cell('reason') }},
            {{ missing_cell('decided_by') }},
            {{ odd_day('decided_on') }},
            {{ odd_day('withdrawn_on', required=false) }},
            {{ odd_withdrawal() }}
        ]) as fault
    from {{ ref('stg_registry__decision') }}
)

select
    register_file,
    line_number,
    'decision on ' || coalesce(mention_key, 'nothing') || ': ' || fault.problem as problem,
    fault.remedy as remedy
from checked
where fault is not null
