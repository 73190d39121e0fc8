{#- What stands under a table of answers: who is in its base, and what the file could not tell apart. Read from CTEs
    named question and limited. -#}
{% macro survey_base_note(language) -%}
    {% if language == 'en' -%}
    case
        when question.question_kind in ('select_multiple', 'rank')
            then 'Base: counted responses that answered the question; several options may be chosen, so shares do not '
            || 'add up to 1.'
        else 'Base: counted responses that answered the question.'
    end || coalesce(' ' || limited.limits_en, '')
    {%- else -%}
    case
        when question.question_kind in ('select_multiple', 'rank')
            then '母数：集計対象のうち、この設問に回答したもの。複数回答のため、割合の合計は1になりません。'
        else '母数：集計対象のうち、この設問に回答したもの。'
    end || coalesce(limited.limits_ja, '')
    {%- endif %}
{%- endmacro %}
