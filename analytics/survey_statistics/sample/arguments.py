"""Arguments of the calls of a survey held against their declared types, so that a mistake comes back as a sentence.

Belongs here: what a text, a list of codes, a number or a mapping is to a call. Does not belong here: whether there is
such a question or rule; those who take it know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any

from analytics.survey_statistics.sample.design import SurveyError

Check = Callable[[Any], bool]


def _is_text(given: Any) -> bool:
    return isinstance(given, str)


def _is_number(given: Any) -> bool:
    return isinstance(given, Real) and not isinstance(given, bool)


def _is_list(given: Any) -> bool:
    """Whether it can be gone through more than once."""
    return hasattr(given, "__iter__") and not isinstance(given, str) and iter(given) is not given


def _are(check: Check) -> Check:
    return lambda given: _is_list(given) and all(map(check, given))


def _either(*checks: Check) -> Check:
    return lambda given: any(check(given) for check in checks)


def _is_nothing(given: Any) -> bool:
    return given is None


def _is_mapping(given: Any) -> bool:
    return hasattr(given, "items")


CODES = "the code of a question, or a list of codes"
# By the annotations of the methods of a survey; what has another annotation is not looked at.
KINDS: dict[str, tuple[Check, str]] = {
    "str": (_is_text, "a text"),
    "str | None": (_either(_is_nothing, _is_text), "a text"),
    "Question": (_either(_is_text, _are(_is_text)), CODES),
    "str | Sequence[str]": (_either(_is_text, _are(_is_text)), CODES),
    "Sequence[str]": (_either(_is_text, _are(_is_text)), "a list of codes of questions"),
    "By": (_either(_is_nothing, _is_text, _are(_is_text)), CODES),
    "float": (_is_number, "a number"),
    "int": (_is_number, "a whole number"),
    "int | None": (_either(_is_nothing, _is_number), "a whole number"),
    "float | Sequence[float]": (_either(_is_number, _are(_is_number)), "a number, or a list of numbers"),
    "Sequence[Any] | None": (_either(_is_nothing, _is_list), "a list of values"),
    "tuple[float, float] | None": (
        _either(_is_nothing, lambda given: _are(_is_number)(given) and len(given) == 2),
        "the lowest and the highest factor, such as (0.5, 2)",
    ),
    "Mapping[str, Any]": (_is_mapping, "a mapping such as {'north': 120, 'south': 80}"),
    "Mapping[Any, Any]": (_is_mapping, "a mapping such as {'north': 120, 'south': 80}"),
    "Mapping[Any, float]": (_is_mapping, "a mapping such as {'yes': 0.4, 'no': 0.6}"),
    "Mapping[Any, Mapping[Any, float]]": (_is_mapping, "a mapping such as {'region': {'north': 120, 'south': 80}}"),
    "Survey": (lambda given: hasattr(given, "responses"), "another survey"),
}


def check_arguments(method: Callable[..., Any], given: Sequence[Any], named: Mapping[str, Any]) -> None:
    """Raises ``SurveyError`` for the first argument that is not what the method says it takes.

    How many arguments there are, and under which names, Python tells itself when the method is called.
    """
    code = method.__code__
    places = code.co_varnames[: code.co_argcount]
    others = code.co_varnames[code.co_argcount + code.co_kwonlyargcount :][:1] * max(len(given) - len(places), 0)
    for name, value in [*zip((*places, *others), given, strict=False), *named.items()]:
        kind = KINDS.get(method.__annotations__.get(name, ""))
        if kind and not kind[0](value):
            raise SurveyError(
                f"{method.__name__}: {name} is {repr(value)[:60]} ({type(value).__name__}); it must be {kind[1]}."
            )
