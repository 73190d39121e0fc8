"""The design of a sample, as its card or its user declares it.

Belongs here: what is declared, and the checks that need no data. Does not belong here: what is found in the rows
(``frame``) and what follows for variances (``variance``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

LONELY_RULES = ("fail", "remove", "certainty", "adjust", "average")
REPLICATE_METHODS = ("JK1", "JK2", "JKn", "BRR", "Fay", "bootstrap", "subbootstrap", "SDR", "other")
INFERENCES = ("population", "process")


class SurveyError(ValueError):
    """A mistake in a request or in the data of a survey, told in one sentence that says what to do."""


@dataclass(frozen=True)
class Stage:
    """One stage of sampling, by names of columns.

    ``units``: the sampled units, None where they are the responses themselves; ids need to differ only inside their
    stratum and their unit of the stage above. ``strata``: None without strata. ``population``: how many units of the
    stage there are in the stratum (1 or more), or the sampled share of them (below 1); None for no finite population
    correction.
    """

    units: str | None = None
    strata: str | None = None
    population: str | None = None


@dataclass(frozen=True)
class Replicates:
    """Replicate weights: their columns and how the replicates are put together.

    The variance is ``scale`` times the sum of ``rscales`` times the squared deviations, from the mean of the replicates
    or, with ``mse``, from the full sample. ``combined`` says whether the columns already hold the sampling weight.
    Names as in R ``survey::svrepdesign``. Without scales those of the method are taken. Without columns the weights are
    made of the design's first stage: ``count`` of them for the bootstraps, drawn with ``seed``.
    """

    columns: tuple[str, ...]
    method: str
    scale: float | None = None
    rscales: tuple[float, ...] | None = None
    combined: bool = True
    mse: bool = False
    rho: float | None = None
    degrees_of_freedom: float | None = None
    count: int | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Design:
    """How the responses came to be in the file.

    ``weights``: column of the sampling weights; None takes them from the populations of the stages, else 1.
    ``lonely_psu``: what a stratum with a single unit adds to a variance (R ``options(survey.lonely.psu)``).
    ``inference``: ``population`` speaks of the units of the frame and uses the finite population correction;
    ``process`` speaks of what is behind them and does not. ``adjust_domain_lonely``: with the rules ``adjust`` and
    ``average``, a stratum that has one unit left in a domain is lonely too (R ``survey.adjust.domain.lonely``).
    """

    weights: str | None = None
    stages: tuple[Stage, ...] = field(default_factory=lambda: (Stage(),))
    replicates: Replicates | None = None
    lonely_psu: str = "fail"
    inference: str = "population"
    adjust_domain_lonely: bool = False

    def __post_init__(self) -> None:
        if self.lonely_psu not in LONELY_RULES:
            raise SurveyError(
                f"lonely_psu is {self.lonely_psu!r}; it must be one of {', '.join(LONELY_RULES)}. A stratum with one "
                "unit has no spread of its own, so the survey has to say what stands in for it."
            )
        if self.inference not in INFERENCES:
            raise SurveyError(f"inference is {self.inference!r}; it must be one of {', '.join(INFERENCES)}.")
        if self.replicates and self.replicates.method not in REPLICATE_METHODS:
            raise SurveyError(
                f"The replicate method is {self.replicates.method!r}; it must be one of {', '.join(REPLICATE_METHODS)}."
            )
        if not self.stages:
            raise SurveyError("A design needs at least one stage; a simple random sample is one Stage().")
        if any(stage.units is None for stage in self.stages[:-1]):
            raise SurveyError("Only the last stage can sample the responses themselves; name the units of the others.")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the design names, without repetition."""
        named = [self.weights, *(self.replicates.columns if self.replicates else ())]
        for stage in self.stages:
            named += [stage.units, stage.strata, stage.population]
        return tuple(dict.fromkeys(name for name in named if name is not None))

    def renamed(self, names: Mapping[str, str]) -> Design:
        """The design with other names for some columns."""

        def name_of(column: str | None) -> str | None:
            return column if column is None else names.get(column, column)

        replicates = self.replicates
        if replicates is not None:
            columns = tuple(names.get(column, column) for column in replicates.columns)
            replicates = replace(replicates, columns=columns)
        stages = tuple(Stage(name_of(one.units), name_of(one.strata), name_of(one.population)) for one in self.stages)
        return replace(self, weights=name_of(self.weights), stages=stages, replicates=replicates)
