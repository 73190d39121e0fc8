"""A survey: responses, their design, and everything that can be asked of them.

Belongs here: the one object that a notebook and the warehouse work with; every method hands on to the module that
knows. Does not belong here: any formula or SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analytics.survey_statistics.result import Context, of_each
from analytics.survey_statistics.sample.design import Design, SurveyError
from analytics.survey_statistics.sample.engine import one_at_a_time
from analytics.survey_statistics.sample.inclusion import named_variance, of_unequal_responses
from analytics.survey_statistics.sample.responses import Responses, quoted
from analytics.survey_statistics.sample.weight import (
    POPULATION_WEIGHT,
    named_weights,
    takes_population_weights,
    with_population_weights,
)

if TYPE_CHECKING:
    from analytics.survey_statistics.result import Rows
    from analytics.survey_statistics.tables.banner import Banner
    from analytics.survey_statistics.tables.cross_table import CrossTable
    from analytics.survey_statistics.weighting.adjustment import Adjustment
    from analytics.survey_statistics.weighting.report import CalibrationReport

LEVEL = 0.95
By = str | Sequence[str] | None
# One question, or several whose rows follow each other.
Question = str | Sequence[str]


@one_at_a_time
@dataclass(frozen=True)
class Survey:
    """One survey with its design. Surveys never change: what alters weights or design gives a new one.

    ``adjustments``: calibrations that the weights went through, in order; standard errors are those of the residuals.
    ``kept``: what the engine was asked already, by request: structure, sums, totals.
    """

    responses: Responses
    design: Design
    adjustments: tuple[Adjustment, ...] = ()
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if names := self.responses.engine_names(self.design.columns):
            object.__setattr__(self, "design", self.design.renamed(names))
        missing = [name for name in self.design.columns if name not in self.responses.columns]
        if missing:
            raise SurveyError(
                f"{self.responses.title} has no column {', '.join(missing)}, which the design names; its columns are: "
                f"{', '.join(self.responses.columns)}."
            )
        responses, design = of_unequal_responses(self.responses, self.design)
        if takes_population_weights(design):
            responses = with_population_weights(responses, design)
        object.__setattr__(self, "responses", responses)
        object.__setattr__(self, "design", design)

    def __repr__(self) -> str:
        """The sample and the questions, because this is what a console or a notebook shows."""
        from analytics.survey_statistics.description import design_lines, question_lines

        return "\n".join([*design_lines(self, self.context), *question_lines(self)])

    @property
    def weight(self) -> str:
        """SQL of the weight of a response."""
        if takes_population_weights(self.design):
            return quoted(POPULATION_WEIGHT)
        return quoted(self.design.weights) if self.design.weights else "1.0"

    @property
    def context(self) -> Context:
        """What every row of results says of the survey."""
        design = self.design
        # Of replicate weights only those that are made of the design may keep the correction of its first stage.
        made = design.replicates
        keeps_fpc = made is None or (not made.columns and made.method in ("JK1", "JKn", "bootstrap"))
        stages = design.stages if made is None else design.stages[:1]
        has_fpc = any(stage.population or stage.inclusion for stage in stages) and design.inference == "population"
        return Context(
            survey=self.responses.title,
            weights=named_weights(design),
            lonely_psu=f"{design.lonely_psu}, also in domains" if design.adjust_domain_lonely else design.lonely_psu,
            is_fpc_used=has_fpc and keeps_fpc,
            inference=design.inference,
            is_synthetic=self.responses.is_synthetic,
            release_id=self.responses.release_id,
            variance=design.replicates.method if design.replicates else named_variance(design),
        )

    @property
    def weighting(self) -> CalibrationReport | None:
        """The report of the last step of weighting; None if the weights are as collected."""
        return self.adjustments[-1].report if self.adjustments else None

    def with_design(self, **changes: Any) -> Survey:
        """The same responses under another design, for instance ``inference="process"``."""
        from analytics.survey_statistics.sample.kept import kept_after

        design = replace(self.design, **changes)
        return replace(self, design=design, kept=kept_after(self, design))

    def with_columns(self, **columns: str) -> Survey:
        """The same survey with new columns, each by SQL over those there are (R ``update``)."""
        from analytics.survey_statistics.sample.columns import with_columns

        return with_columns(self, columns)

    def categorical(self, columns: str | Sequence[str] | Mapping[str, Any]) -> Survey:
        """The same survey with columns of codes as categories, with labels if given (R ``factor``)."""
        from analytics.survey_statistics.sample.columns import categorical

        return categorical(self, columns)

    def keep(self, questions: Sequence[str], by: By = None, *, where: str | None = None) -> None:
        """Add up questions by domain ahead: one reading for each then answers it overall, by domain and by state."""
        from analytics.survey_statistics.sample.kept import keep

        keep(self, questions, (by,) if isinstance(by, str) else tuple(by or ()), where)

    def proportion(self, question: Question, by: By = None, *, where: str | None = None, level: float = LEVEL,
                   interval: str = "auto", **options: Any) -> Rows:  # fmt: skip
        """Share of each category among those who answered, overall or by domains.

        ``options`` of estimates: ``df`` (``domain``, ``design`` or a number) and ``design_effect`` (``without`` or
        ``replace``, as in R).
        """
        from analytics.survey_statistics.estimators.proportion import proportion

        if not isinstance(question, str):
            self.keep(question, by, where=where)
        return of_each(
            question, lambda code: proportion(self, code, by, where=where, level=level, interval=interval, **options)
        )

    def mean(self, question: Question, by: By = None, *, where: str | None = None, level: float = LEVEL,
             **options: Any) -> Rows:  # fmt: skip
        """Mean of a number."""
        from analytics.survey_statistics.estimators.mean import mean

        return of_each(question, lambda code: mean(self, code, by, where=where, level=level, **options))

    def total(self, question: Question, by: By = None, *, where: str | None = None, level: float = LEVEL,
             **options: Any) -> Rows:  # fmt: skip
        """Total of a number, or of the responses in each category."""
        from analytics.survey_statistics.estimators.total import total

        return of_each(question, lambda code: total(self, code, by, where=where, level=level, **options))

    def ratio(self, numerator: str, denominator: str, by: By = None, *, where: str | None = None,
              level: float = LEVEL, **options: Any) -> Rows:  # fmt: skip
        """Ratio of two totals."""
        from analytics.survey_statistics.estimators.ratio import ratio

        return ratio(self, numerator, denominator, by, where=where, level=level, **options)

    def quantile(self, question: Question, probabilities: float | Sequence[float] = (0.5,), by: By = None, *,
                 where: str | None = None, rule: str = "math", interval: str = "woodruff",
                 level: float = LEVEL, **options: Any) -> Rows:  # fmt: skip
        """Quantiles of a number; ``rule`` names how a quantile between two values is taken."""
        from analytics.survey_statistics.estimators.quantile import quantile

        options |= {"rule": rule, "interval": interval}
        return of_each(
            question, lambda code: quantile(self, code, probabilities, by, where=where, level=level, **options)
        )

    def difference(self, statistic: str, question: str, by: str | Sequence[str], *, where: str | None = None,
                   level: float = LEVEL, adjustment: str = "holm", **options: Any) -> Rows:  # fmt: skip
        """Differences of a statistic (`proportion`, `mean`, `total`) between all pairs of domains, with covariance."""
        from analytics.survey_statistics.estimators.difference import difference

        return difference(self, statistic, question, by, where=where, level=level, adjustment=adjustment, **options)

    def change(self, later: Survey, statistic: str, question: str, by: By = None, *, respondent: str | None = None,
               level: float = LEVEL, **options: Any) -> Rows:  # fmt: skip
        """Change of a statistic to a later wave; ``respondent`` names the column by which people who answered both are
        known, so that their covariance is used.
        """
        from analytics.survey_statistics.estimators.change import change

        return change(self, later, statistic, question, by, respondent=respondent, level=level, **options)

    def multiple(self, question: str | Sequence[str], by: By = None, *, where: str | None = None, level: float = LEVEL,
                 of: str = "respondents", interval: str = "auto") -> Rows:  # fmt: skip
        """A multiple choice, or the columns of ticks that make one: percent of respondents, or of answers with
        ``of="answers"``.
        """
        from analytics.survey_statistics.estimators.multiple import multiple

        return multiple(self, question, by, where=where, level=level, of=of, interval=interval)

    def likert(self, question: Question, by: By = None, *, where: str | None = None, level: float = LEVEL,
               top: int = 2, points: Sequence[Any] | None = None) -> Rows:  # fmt: skip
        """A scale: its distribution, top and bottom boxes, net, and mean with its warning."""
        from analytics.survey_statistics.estimators.likert import likert

        return of_each(question, lambda code: likert(self, code, by, where=where, level=level, top=top, points=points))

    def alpha(self, questions: Sequence[str], *, where: str | None = None, level: float = LEVEL,
              interval: str = "auto", reverse: Sequence[str] = ()) -> Rows:  # fmt: skip
        """Cronbach's alpha of items of one scale, with its interval."""
        from analytics.survey_statistics.estimators.reliability import alpha

        return alpha(self, questions, where=where, level=level, interval=interval, reverse=reverse)

    def ranking(self, question: str | Sequence[str], by: By = None, *, where: str | None = None,
                level: float = LEVEL, first: int = 2) -> Rows:  # fmt: skip
        """A ranking, or the columns of ranks that make one: first places, places among the ``first``, mean rank."""
        from analytics.survey_statistics.estimators.ranking import ranking

        return ranking(self, question, by, where=where, level=level, first=first)

    def table(self, rows: str, columns: By = None, layers: By = None, *, where: str | None = None,
              level: float = LEVEL) -> CrossTable:  # fmt: skip
        """A cross table of one, two or three questions; see ``tables.cross_table``."""
        from analytics.survey_statistics.tables.cross_table import cross_table

        return cross_table(self, rows, columns, layers, where=where, level=level)

    def banner(self, rows: str | Sequence[str], columns: str | Sequence[str], *, where: str | None = None,
               level: float = LEVEL, adjustment: str = "holm") -> Banner:  # fmt: skip
        """Questions in the rows by several questions side by side, with significance letters."""
        from analytics.survey_statistics.tables.banner import banner

        return banner(self, rows, columns, where=where, level=level, adjustment=adjustment)

    def independence_test(self, rows: str, columns: str, layers: By = None, *, kind: str = "F",
                          where: str | None = None) -> Rows:  # fmt: skip
        """Whether two questions are independent: Rao-Scott (F, Chisq, lincom, saddlepoint, LR, LR_Chisq), Wald,
        adjWald (R ``svychisq``).
        """
        from analytics.survey_statistics.tables.association import independence_test

        return independence_test(self, rows, columns, layers, kind=kind, where=where)

    def goodness_of_fit(self, question: str, shares: Mapping[Any, float], *, kind: str = "Chisq",
                        where: str | None = None) -> Rows:  # fmt: skip
        """Whether a question has given shares (R ``svygofchisq``)."""
        from analytics.survey_statistics.tables.goodness_of_fit import goodness_of_fit

        return goodness_of_fit(self, question, shares, kind=kind, where=where)

    def rank_test(self, question: str, by: str, *, test: Any = "wilcoxon", where: str | None = None,
                  ties: str = "file_order") -> Rows:  # fmt: skip
        """A rank test that respects the design (R ``svyranktest``; Lumley and Scott 2013)."""
        from analytics.survey_statistics.tables.rank_test import rank_test

        return rank_test(self, question, by, test=test, where=where, ties=ties)

    def t_test(self, question: str, by: str | None = None, *, mean: float = 0.0, where: str | None = None,
               level: float = LEVEL) -> Rows:  # fmt: skip
        """Whether a mean is a given one, or the same in two groups (R ``svyttest``)."""
        from analytics.survey_statistics.tables.t_test import t_test

        return t_test(self, question, by, mean=mean, where=where, level=level)

    def trend_test(self, question: str, by: str, *, where: str | None = None, level: float = LEVEL) -> Rows:
        """Whether a mean rises or falls over ordered groups (the slope of R ``svyglm``)."""
        from analytics.survey_statistics.tables.t_test import trend_test

        return trend_test(self, question, by, where=where, level=level)

    def effect_size(self, kind: str, question: str, by: str, *, layers: By = None, where: str | None = None,
                    level: float = LEVEL) -> Rows:  # fmt: skip
        """Strength of an association or difference with its interval; kinds in ``tables.effect``."""
        from analytics.survey_statistics.tables.effect import effect_size

        return effect_size(self, kind, question, by, layers=layers, where=where, level=level)

    def exact_test(self, test: str, *questions: str | Sequence[str], by: str | None = None, where: str | None = None,
                   level: float = LEVEL, **options: Any) -> Rows:  # fmt: skip
        """A classical test, exact where the sample is small, of unweighted data; ``exact.kinds_of_test.TESTS`` names
        them.
        """
        from analytics.survey_statistics.exact.survey_test import exact_test

        return exact_test(self, test, *questions, by=by, where=where, level=level, **options)

    def replicate(
        self, method: str, *, replicates: int | None = None, seed: int | None = None, rho: float = 0.5,
        mse: bool = False,
    ) -> Survey:  # fmt: skip
        """The same survey with variances from replicates made of its design."""
        from analytics.survey_statistics.variance.make_replicates import replicate

        return replicate(self, method, replicates=replicates, seed=seed, rho=rho, mse=mse)

    def post_stratify(self, strata: By, population: Mapping[Any, Any], *, partial: bool = False) -> Survey:
        """Weights that meet the population of each post-stratum."""
        from analytics.survey_statistics.weighting.post_stratification import post_stratify

        return post_stratify(self, strata, population, partial=partial)

    def rake(self, margins: Mapping[Any, Mapping[Any, float]], *, tolerance: float = 1e-10, most: int = 100) -> Survey:
        """Weights that meet several margins, by iterative proportional fitting."""
        from analytics.survey_statistics.weighting.raking import rake

        return rake(self, margins, tolerance=tolerance, most=most)

    def calibrate(self, totals: Mapping[str, Any], *, method: str = "linear",
                  bounds: tuple[float, float] | None = None, tolerance: float = 1e-7,
                  most: int = 50, negative: str = "warn") -> Survey:  # fmt: skip
        """Weights that meet known totals; ``method`` is linear, raking or logit."""
        from analytics.survey_statistics.weighting.calibration import calibrate

        return calibrate(self, totals, method=method, bounds=bounds, tolerance=tolerance, most=most, negative=negative)

    def adjust_nonresponse(self, responded: str, *, classes: By = None, predictors: Sequence[str] = (),
                           groups: int | None = 5) -> Survey:  # fmt: skip
        """Weights of respondents that stand for the non-respondents of their class, or by estimated propensity."""
        from analytics.survey_statistics.weighting.nonresponse import adjust_nonresponse

        return adjust_nonresponse(self, responded, classes=classes, predictors=predictors, groups=groups)

    def normalise(self) -> Survey:
        """Weights with a mean of 1."""
        from analytics.survey_statistics.weighting.trimming import normalise

        return normalise(self)

    def trim(self, *, lower: float | None = None, upper: float | None = None, strict: bool = False) -> Survey:
        """Weights cut to bounds, the rest shared among the others."""
        from analytics.survey_statistics.weighting.trimming import trim

        return trim(self, lower=lower, upper=upper, strict=strict)
