"""Which responses an estimate of a survey counts, as far as a release holds single answers.

Belongs here: the relation for ``stats.survey_estimate``. Does not belong here: those of other topics (``membership``).
"""

from __future__ import annotations

# Entries of a repeated group are each a row of the base; their domains are answers of the response.
# Of a wave whose answers are withheld nothing stands in the view of answers, and so nobody here.
SURVEY_MEMBERS = """
    with answer as (
        select wave.edition_id, answer.response_id, answer.repeat_no, answer.question_code,
               list(coalesce(options.option_en, options.option_ja, answer.option_code) order by options.option_no)
                   filter (where answer.state = 'selected') as chosen,
               bool_or(answer.state in ('selected', 'not_selected', 'answered')) as has_answered
        from marts.fct_survey_answer as answer
        join marts.dim_survey_wave as wave using (survey_code, wave)
        left join marts.dim_survey_option as options
          on options.edition_id = wave.edition_id and options.question_code = answer.question_code
         and options.option_code = answer.option_code
        where answer.is_counted
        group by all
    )
    select estimate.estimate_id, 'marts.fct_survey_response' as table_name, cast(null as varchar) as cluster_id,
           cast(null as varchar) as row_id,
           own.response_id || coalesce(', entry ' || own.repeat_no::varchar, '')
               || coalesce(': ' || array_to_string(own.chosen, ', '), '') as counts_as,
           coalesce(
               case
                   when estimate.statistic in ('top', 'bottom')
                       then list_has_any(own.chosen, string_split(estimate.category, ' + '))
                   when estimate.category is not null then list_contains(own.chosen, estimate.category)
               end,
               false
           ) as is_counted
    from stats.survey_estimate as estimate
    join answer as own
      on own.edition_id = estimate.edition_id and own.question_code = estimate.question_code and own.has_answered
    left join answer as part
      on part.edition_id = own.edition_id and part.response_id = own.response_id
     and part.question_code = split_part(estimate.domain, ' = ', 1) and part.repeat_no is null
    where estimate.domain = 'all'
       or list_contains(part.chosen, substr(estimate.domain, strpos(estimate.domain, ' = ') + 3))
"""
