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
# By the names of R `svydesign(pps = )`: "brewer", "overton", HR(), poisson_sampling(), ppsmat().
INCLUSION_METHODS = ("brewer", "overton", "hartley_rao", "poisson", "joint")
INCLUSION_VARIANCES = ("HT", "YG")


class SurveyError(ValueError):
    """A mistake in a request or in the data of a survey, told in one sentence that says what to do."""


@dataclass(frozen=True)
class Inclusion:
    """Units drawn without replacement, each with a probability of its own (proportional to size, Poisson).

    ``probability``: column of the inclusion probabilities of the units, above 0 and at most 1. Two units are drawn
    together with probabilities that seldom are known; ``method`` says what stands for them: ``brewer`` (Brewer and
    Donadio 2003; R ``pps = "brewer"``, any number of stages), ``overton`` (Overton 1985), ``hartley_rao`` (Hartley and
    Rao 1962, R ``HR``) with ``mean_square``, the sum over the population of the stratum of squared probabilities
    divided by the sample size, as a number or a column, estimated where it is None; ``poisson``: every unit is drawn on
    its own; ``joint``: they are known (R ``ppsmat``), and ``joint`` names their columns, the k-th for the k-th unit in
    the order of the file. With fewer columns than units they are those of each stratum (SAS ``JTPROBS``).
    ``variance``: of Horvitz and Thompson (1952), ``HT``, or of Yates and Grundy (1953), ``YG``.
    """

    probability: str
    method: str = "brewer"
    variance: str = "HT"
    mean_square: float | str | None = None
    joint: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.method not in INCLUSION_METHODS:
            raise SurveyError(
                f"The method of unequal probabilities is {self.method!r}; it must be one of "
                f"{', '.join(INCLUSION_METHODS)}."
            )
        if self.variance not in INCLUSION_VARIANCES:
            raise SurveyError(f"variance is {self.variance!r}; it must be HT (Horvitz-Thompson) or YG (Yates-Grundy).")
        if self.variance == "YG" and self.method == "brewer":
            raise SurveyError("Brewer's variance is an approximation of its own; leave variance out.")
        if self.variance == "YG" and self.method == "poisson":
            raise SurveyError(
                "The variance of Yates and Grundy is for samples of a fixed size, and Poisson sampling has none: "
                "leave variance out, which takes that of Horvitz and Thompson."
            )
        if bool(self.joint) != (self.method == "joint"):
            raise SurveyError(
                f"The method {self.method!r} {'needs' if self.method == 'joint' else 'makes no use of'} columns of "
                "joint probabilities; method='joint' and joint=(columns) belong together."
            )
        if self.mean_square is not None and self.method != "hartley_rao":
            raise SurveyError(f"mean_square is for the method hartley_rao; {self.method!r} makes no use of it.")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are named."""
        return (self.probability, *([self.mean_square] if isinstance(self.mean_square, str) else []), *self.joint)

    def renamed(self, names: Mapping[str, str]) -> Inclusion:
        """The same with other names for some columns."""
        square = self.mean_square
        return replace(
            self,
            probability=names.get(self.probability, self.probability),
            mean_square=names.get(square, square) if isinstance(square, str) else square,
            joint=tuple(names.get(column, column) for column in self.joint),
        )


@dataclass(frozen=True)
class Stage:
    """One stage of sampling, by names of columns.

    ``units``: the sampled units, None where they are the responses themselves; ids need to differ only inside their
    stratum and their unit of the stage above. ``strata``: None without strata. ``population``: how many units of the
    stage there are in the stratum (1 or more), or the sampled share of them (below 1); None for no finite population
    correction. ``inclusion``: in place of a population, the probabilities with which units were drawn without
    replacement.
    """

    units: str | None = None
    strata: str | None = None
    population: str | None = None
    inclusion: Inclusion | None = None

    def __post_init__(self) -> None:
        if self.inclusion is not None and self.population is not None:
            raise SurveyError(
                f"A stage names a population ({self.population}) and inclusion probabilities "
                f"({self.inclusion.probability}). Units were drawn with equal probabilities or with unequal ones: name "
                "one of the two."
            )


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

    ``weights``: column of the sampling weights; None takes them from the populations or inclusion
    probabilities of the stages, else 1.
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
        if len(self.stages) > 1 and any(stage.inclusion and stage.inclusion.joint for stage in self.stages):
            raise SurveyError(
                "Joint probabilities are for samples in one stage; of several stages name the first alone, or take the "
                "method brewer, overton or hartley_rao."
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the design names, without repetition."""
        named = [self.weights, *(self.replicates.columns if self.replicates else ())]
        for stage in self.stages:
            named += [
                stage.units,
                stage.strata,
                stage.population,
                *(stage.inclusion.columns if stage.inclusion else ()),
            ]
        return tuple(dict.fromkeys(name for name in named if name is not None))

    def renamed(self, names: Mapping[str, str]) -> Design:
        """The design with other names for some columns."""

        def name_of(column: str | None) -> str | None:
            return column if column is None else names.get(column, column)

        replicates = self.replicates
        if replicates is not None:
            columns = tuple(names.get(column, column) for column in replicates.columns)
            replicates = replace(replicates, columns=columns)
        stages = tuple(
            Stage(
                name_of(one.units),
                name_of(one.strata),
                name_of(one.population),
                one.inclusion and one.inclusion.renamed(names),
            )
            for one in self.stages
        )
        return replace(self, weights=name_of(self.weights), stages=stages, replicates=replicates)
