"""A release with one made-up wave of eight counted responses, small enough to be counted by hand.

``trade`` (one choice): 3 yes, 2 no, 1 don't know, 1 not answered, 1 not shown. ``goods`` (ticks): cloth 2 and paper 1
of 3 who answered, 1 none ticked, 4 not shown. ``first`` (ranks of two): 2 answered. ``years`` (a number): 2, 4, 6, 8,
and 4 not answered. A ninth response is not counted.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

EDITION, RELEASE = "mihon/2020", "r0123456789ab"
MARTS = """
    create schema marts; create schema survey;
    create table marts.dim_survey_wave as select 'mihon/2020' as edition_id, 'survey.mihon_2020' as wide_table,
        8 as n_counted, 'A model' as title_en, null::varchar as title_ja, true as is_synthetic;
    create table marts.dim_survey_question as select 'mihon/2020' as edition_id, null as repeat_code, * from (values
        (1, 'trade', 'select_one', 'Do you trade?', '取引はありますか'),
        (2, 'goods', 'select_multiple', 'Goods?', null),
        (3, 'first', 'rank', 'Rank', null), (4, 'years', 'integer', 'Years?', null)
    ) t(question_no, question_code, question_kind, question_en, question_ja);
    create table marts.dim_survey_option as select 'mihon/2020' as edition_id, * from (values
        ('trade', 1, 'y', 'Yes', 'はい', 'selected'), ('trade', 2, 'n', 'No', 'いいえ', 'selected'),
        ('trade', 3, 'm', 'Maybe', '不明', 'selected'), ('trade', 4, '9', 'Don''t know', '分からない', 'dont_know'),
        ('goods', 1, 'c', 'Cloth', '布', 'selected'), ('goods', 2, 'p', 'Paper', null, 'selected'),
        ('first', 1, 'a', 'Fairs', null, 'selected'), ('first', 2, 'b', 'Grants', null, 'selected')
    ) t(question_code, option_no, option_code, option_en, option_ja, chosen_state);
    create table marts.dim_survey_column as select 'mihon/2020' as edition_id, 'survey.mihon_2020' as wide_table, *
    from (values
        (1, 'trade', 'trade', null, null), (2, 'goods__c', 'goods', 'c', null), (3, 'goods__p', 'goods', 'p', null),
        (4, 'first__a', 'first', 'a', null), (5, 'first__b', 'first', 'b', null),
        (6, 'years', 'years', null, 'years__state')
    ) t(column_no, wide_column, question_code, option_code, state_column);
    create table marts.fct_survey_design as select 'mihon/2020' as edition_id, * from (values
        ('strata', 'side', true, true, null), ('weights', 'weight', true, {usable}, {reason}),
        ('population_sizes', '{{"east": 8, "west": 20}}', true, true, null),
        ('estimates_speak_of', 'population', true, true, null), ('lonely_psu', 'remove', true, true, null)
    ) t(aspect, statement, is_documented, is_usable, reason);
"""
WIDE = """
    create table survey.mihon_2020 as select * from (values
        (true, 1, 1, 0, 1, 2, 2.0, 0, 'east', 2.0), (true, 1, 1, 1, 2, 1, 4.0, 0, 'east', 2.0),
        (true, 1, 0, 0, -1, -1, 6.0, 0, 'west', 4.0), (true, 2, -2, -2, -1, -1, 8.0, 0, 'west', 4.0),
        (true, 2, -2, -2, -1, -1, null, -1, 'west', 4.0), (true, 4, -2, -2, -1, -1, null, -1, 'east', 2.0),
        (true, -1, -2, -2, -1, -1, null, -1, 'east', 2.0), (true, -2, -3, -3, -1, -1, null, -1, 'west', 4.0),
        (false, 1, 1, 1, 1, 2, 100.0, 0, 'west', 4.0)
    ) t(is_counted, trade, goods__c, goods__p, first__a, first__b, years, years__state, design__strata,
        design__weights)
"""


def write_release(home: Path, *, reason: str | None = None, is_withheld: bool = False) -> None:
    """Write the release and make it the latest; ``reason`` why the weights cannot be used."""
    folder = home / "releases" / RELEASE
    folder.mkdir(parents=True)
    (home / "latest").symlink_to(folder)
    usable, told = ("false", f"'{reason}'") if reason else ("true", "null")
    with duckdb.connect(str(folder / "observatory.duckdb")) as connection:
        connection.execute(MARTS.format(usable=usable, reason=told))
        connection.execute(WIDE)
        if is_withheld:
            kept = home / "restricted" / "microdata" / RELEASE / "survey"
            kept.mkdir(parents=True)
            connection.execute(f"copy survey.mihon_2020 to '{kept / 'mihon_2020.parquet'}' (format parquet)")
            connection.execute("drop table survey.mihon_2020")
