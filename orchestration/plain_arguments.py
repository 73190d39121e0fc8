"""Plain arguments of a command, read without the library that knows help, mistakes and everything else.

Belongs here: calls that leave nothing open. Does not belong here: any other call; it goes to ``commands``, which must
understand the plain ones alike (``tests/survey_statistics/test_plain_arguments.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
AS = "as_"


def plain_arguments(
    function: Callable[..., Any], arguments: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, Any]] | None:
    """Arguments of the command line as those of a function, by place and by name; None if they are not plain.

    The function takes one text or more. Each of its keywords is an option, read as its default is: False a flag,
    () repeatable, a number a number, None a text.
    """
    defaults = function.__kwdefaults__ or {}
    options = {f"--{name.removeprefix(AS).replace('_', '-')}": name for name in defaults}
    positional: list[str] = []
    named: dict[str, Any] = {}
    left = iter(arguments)
    for argument in left:
        if not argument.startswith("-"):
            positional.append(argument)
            continue
        option, is_joined, value = argument.partition("=")
        name = options.get(option)
        if name is None:
            return None
        default = defaults[name]
        if default is False:
            if is_joined:
                return None
            named[name] = True
            continue
        if not is_joined:
            value = next(left, "-")
        if value.startswith("-"):
            return None
        if default == ():
            named[name] = [*named.get(name, ()), value]
        elif default is None:
            named[name] = value
        elif NUMBER.fullmatch(value):
            named[name] = float(value)
        else:
            return None
    return (tuple(positional), named) if positional else None
