"""The names of dbt that the plain jinja templater of sqlfluff does not know, as stand-ins that render to an identifier.

Belongs here: only what a model or macro uses and sqlfluff lacks. `.sqlfluff` names this folder as its library.
"""

from __future__ import annotations

from collections.abc import Callable


class Target:
    """What a profile says about the target."""

    name = "dev"
    type = "duckdb"
    schema = "main"


class Adapter:
    """Dispatch of a macro to the engine; the lint sees a call of a function with the macro's name."""

    def dispatch(self, macro_name: str, _package: str | None = None) -> Callable[..., str]:
        """Return a function that renders a call with the macro's arguments."""
        return lambda *arguments: f"{macro_name}({', '.join(map(str, arguments))})"


class Macros:
    """The cross-database macros of dbt (``dbt.datediff`` ...), each as a call of a function with its name."""

    def listagg(self, measure: str, delimiter: str = "','", order_by: str = "") -> str:
        """Texts joined in a given order."""
        return f"string_agg({measure}, {delimiter} {order_by})"

    def type_string(self) -> str:
        """The type of text."""
        return "varchar"

    def __getattr__(self, name: str) -> Callable[..., str]:
        return Adapter().dispatch(name)


def env_var(name: str, default: str | None = None) -> str:
    """An environment variable by its own name."""
    return default or name.lower()


target = Target()
adapter = Adapter()
dbt = Macros()
execute = False
