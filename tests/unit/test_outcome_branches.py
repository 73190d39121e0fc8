"""Every branch of the models that decide outcomes is held by a dbt unit test: alter any branch and one of them fails.

Belongs here: the alterations (mutants) and the count of those that no unit test notices, which is zero. A branch is a
condition or result of a CASE, a term of AND or OR, a NOT, a default of COALESCE, the edge of a comparison, a join, a
term of an ORDER BY in a window, a value of IN, a WHERE, a FILTER, a DISTINCT, a side of a UNION.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import expressions as exp

from tests.unit.model_runner import rendered, unit_tests

OUTCOME_MODELS = (
    "int_cluster_exit",
    "int_cluster_creation",
    "int_edition_pair",
    "int_survival_pair",
    "int_survival_evidence",
    "int_survival_carrier",
    "int_survival_outcome",
    "int_presence_cell",
    "int_presence_evidence",
    "fct_cluster_survival",
    "fct_cluster_presence",
    "fct_cluster_entry",
    "fct_cluster_demography",
    "fct_cluster_spell",
)
EDGE = {exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT, exp.EQ: exp.NEQ, exp.NEQ: exp.EQ}


Alteration = tuple[str, exp.Expr, exp.Expr | None]


def altered_conditions(node: exp.Expr) -> Iterator[Alteration]:
    """What can be wrong in a condition: words, the part to replace, and what to put there."""
    if isinstance(node, exp.If) and isinstance(node.parent, exp.Case):
        if node.parent.this:
            yield "never", node.this, exp.Literal.string("")
        else:
            yield "never", node.this, exp.false()
            yield "always", node.this, exp.true()
    if isinstance(node, exp.Case) and node.args.get("default"):
        yield "no else", node.args["default"], exp.null()
    if isinstance(node, exp.And | exp.Or):
        idle = exp.true() if isinstance(node, exp.And) else exp.false()
        yield from (("without", side, idle.copy()) for side in (node.left, node.right) if type(side) is not type(node))
    if isinstance(node, exp.Not):
        yield "not negated", node, node.this.copy()
    if isinstance(node, exp.In):
        yield from (("not in the list", value, exp.Literal.string("")) for value in node.expressions)
    if type(node) in EDGE:
        yield "other edge", node, EDGE[type(node)](this=node.this.copy(), expression=node.expression.copy())


def altered_clauses(node: exp.Expr) -> Iterator[Alteration]:
    """What can be wrong in the rest: as above; with nothing to put there the part is left out."""
    if isinstance(node, exp.Coalesce):
        default = node.expressions[-1]
        other = exp.Boolean(this=not default.this) if isinstance(default, exp.Boolean) else exp.null()
        yield "other default", default, other
    if isinstance(node, exp.Join) and node.side == "LEFT":
        inner = node.copy()
        inner.set("side", "")
        inner.set("kind", "INNER")
        yield "inner join", node, inner
    if isinstance(node, exp.Ordered) and node.find_ancestor(exp.Window):
        # Reversed, not left out: rows that happen to lie in order would hide that the order is asked for.
        yield "other way round", node, exp.Ordered(this=node.this.copy(), desc=not node.args.get("desc"))
    if isinstance(node, exp.Distinct | exp.Where) and not isinstance(node.parent, exp.Filter):
        yield "left out", node, None
    if isinstance(node, exp.Union):
        yield "only the first of", node, node.left.copy()
        # A union without ALL is a recursion, which cannot go without its start.
        if not node.args.get("distinct"):
            yield "only the second of", node, node.right.copy()
    if isinstance(node, exp.Filter):
        yield "unfiltered", node, node.this.copy()


def mutants(sql: str) -> Iterator[tuple[str, str]]:
    """Every alteration of a query: what was altered in words, and the altered query."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    assert isinstance(tree, exp.Query)
    named = [(cte.alias, exp.Subquery(this=cte.this.copy())) for cte in tree.ctes]
    recursive = "recursive " if any(found.recursive for found in tree.find_all(exp.With)) else ""
    for found in list(tree.find_all(exp.With)):
        found.pop()
    steps = [*named, ("", tree)]
    # Only the altered step is written anew, in place and put back: the whole query each time takes three times as long.
    written = [step.sql(dialect="duckdb") for _, step in steps]
    for place, (_, step) in enumerate(steps):
        for node in list(step.walk()):
            for words, old, new in (*altered_conditions(node), *altered_clauses(node)):
                shown = f"{words}: {old.sql(dialect='duckdb')[:120]}"
                parent, key = old.parent, old.arg_key
                assert parent is not None
                parent.set(key, None) if new is None else old.replace(new)
                texts = [*written[:place], step.sql(dialect="duckdb"), *written[place + 1 :]]
                begun = ", ".join(f"{name} as {text}" for (name, _), text in zip(named, texts, strict=False))
                yield shown, f"with {recursive}{begun} {texts[-1]}" if begun else texts[-1]
                parent.set(key, old) if new is None else new.replace(old)
        assert step.sql(dialect="duckdb") == written[place]


@pytest.mark.parametrize("model", OUTCOME_MODELS)
def test_the_unit_tests_pass_on_the_model_as_it_is(model: str) -> None:
    assert unit_tests(model)
    assert [test.name for test in unit_tests(model) if test.fails(rendered(model))] == []


@pytest.mark.parametrize("model", OUTCOME_MODELS)
def test_every_branch_of_an_outcome_model_is_held_by_a_unit_test(model: str) -> None:
    found = list(mutants(rendered(model)))
    unnoticed = [words for words, sql in found if not any(test.fails(sql) for test in unit_tests(model))]
    print(f"{model}: {len(found) - len(unnoticed)} of {len(found)} altered branches are noticed")  # noqa: T201
    assert not unnoticed, "\n".join([f"no unit test of {model} notices:", *unnoticed])
