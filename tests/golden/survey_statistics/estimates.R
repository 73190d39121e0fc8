# Expected values of proportions, means, totals, ratios, quantiles, differences, design effects and intervals
# under every design of designs.json. Run from the project folder: Rscript tests/golden/survey_statistics/estimates.R
source(file.path("tests", "golden", "survey_statistics", "harness.R"))

note <- add
add <- function(case, design, call, arguments, field, expected, ...) {
  note(case, design, call, arguments, field, as.numeric(expected), ...)
}
answered <- function(d, ...) {
  missing <- Reduce(`|`, lapply(c(...), function(name) is.na(d$variables[[name]])))
  d[!missing, ]
}
is_census <- function(name) name == "organisation_census"

proportions <- function(name, d) {
  dd <- answered(d, "choice")
  levels <- levels(droplevels(dd$variables$choice))
  m <- svymean(~choice, dd, deff = "replace")
  arguments <- list(question = "choice", design_effect = "replace")
  for (level in levels) {
    column <- paste0("choice", level)
    add("share", name, "proportion", arguments, "value", coef(m)[[column]], category = level)
    error <- SE(m)[match(column, names(coef(m)))]
    add("share", name, "proportion", arguments, "standard_error", error, category = level)
    if (!is_census(name)) {
      add("share", name, "proportion", arguments, "design_effect", deff(m)[[column]], category = level)
    }
  }
  add("share", name, "proportion", arguments, "degrees_of_freedom", degf(dd), category = levels[1])
  if (is_census(name)) return()
  dd$variables$chosen <- dd$variables$choice == "often"
  # With weights of 0 R counts rows that are not in the sample (estimates-differences.csv).
  has_zero <- any(weights(dd, "sampling") == 0)
  # R profiles with the weights of the last but one step of its fit, and finds no profile in replicate designs.
  profile <- if (!inherits(d, "svyrep.design") && nrow(dd) > 60 && !has_zero) "likelihood"
  for (method in c("logit", "xlogit", "asin", "mean", profile, if (!has_zero) "beta")) {
    ci <- suppressWarnings(confint(svyciprop(~chosen, dd, method = method)))
    given <- list(question = "choice", interval = method)
    for (end in 1:2) {
      add("share interval", name, "proportion", given, c("lower", "upper")[end], ci[end], category = "often",
          kind = if (method == "likelihood") "p" else "estimate")
    }
  }
  ci <- confint(svyciprop(~chosen, dd, method = "xlogit", level = 0.8, df = Inf))
  given <- list(question = "choice", interval = "xlogit", level = 0.8, df = "normal")
  for (end in 1:2) add("share interval, normal", name, "proportion", given, c("lower", "upper")[end], ci[end],
                       category = "often")
}

means <- function(name, d) {
  dd <- answered(d, "income")
  for (rule in c("without", "replace")) {
    m <- suppressWarnings(svymean(~income, dd, deff = if (rule == "without") TRUE else rule))
    given <- list(question = "income", design_effect = rule)
    add("mean", name, "mean", given, "value", coef(m))
    add("mean", name, "mean", given, "standard_error", SE(m))
    t <- suppressWarnings(svytotal(~income, dd, deff = if (rule == "without") TRUE else rule))
    add("total", name, "total", given, "value", coef(t))
    add("total", name, "total", given, "standard_error", SE(t))
    # Weights of 1 say that the sample is the population: R divides by 0, we fall back on sampling with replacement.
    if (!is_census(name) && sum(weights(dd, "sampling")) > 1.001 * nrow(dd)) {
      add("mean", name, "mean", given, "design_effect", deff(m))
      add("total", name, "total", given, "design_effect", deff(t))
    }
  }
  if (is_census(name)) return()
  ci <- confint(svymean(~income, dd), df = degf(dd), level = 0.9)
  for (end in 1:2) add("mean interval", name, "mean", list(question = "income", level = 0.9),
                       c("lower", "upper")[end], ci[end])
}

domains <- function(name, d) {
  dd <- answered(d, "income")
  by <- svyby(~income, ~sex, dd, svymean, covmat = TRUE)
  for (i in seq_len(nrow(by))) {
    domain <- paste("sex =", by$sex[i])
    add("mean by", name, "mean", list(question = "income", by = "sex"), "value", coef(by)[i], domain = domain)
    add("mean by", name, "mean", list(question = "income", by = "sex"), "standard_error", SE(by)[i], domain = domain)
    add("mean by", name, "mean", list(question = "income", by = "sex"), "degrees_of_freedom",
        degf(dd[dd$variables$sex %in% by$sex[i], ]), domain = domain)
  }
  for (scale in c("difference", "ratio")) {
    found <- if (scale == "difference") svycontrast(by, c(f = 1, m = -1)) else svycontrast(by, quote(f / m))
    given <- list(statistic = "mean", question = "income", by = "sex", scale = scale)
    add(scale, name, "difference", given, "value", coef(found))
    add(scale, name, "difference", given, "standard_error", SE(found))
    if (!is_census(name)) {
      z <- (coef(found) - (scale == "ratio")) / SE(found)
      add(scale, name, "difference", given, "p_value", 2 * pt(-abs(z), degf(answered(d, "income", "sex"))), kind = "p")
    }
  }
  both <- answered(d, "income", "hours")
  r <- svyratio(~income, ~hours, both)
  given <- list(numerator = "income", denominator = "hours")
  add("ratio", name, "ratio", given, "value", coef(r))
  add("ratio", name, "ratio", given, "standard_error", SE(r))
  by <- svyby(~income, ~sex, both, svyratio, denominator = ~hours)
  for (i in seq_len(nrow(by))) {
    add("ratio by", name, "ratio", c(given, by = "sex"), "value", coef(by)[i], domain = paste("sex =", by$sex[i]))
    add("ratio by", name, "ratio", c(given, by = "sex"), "standard_error", SE(by)[i],
        domain = paste("sex =", by$sex[i]))
  }
}

quantiles <- function(name, d) {
  dd <- answered(d, "income")
  of <- c(0.25, 0.5, 0.8)
  every <- c("firm_srs", "school_stratified", "village_clusters", "pupil_two_stage", "hospital_unequal",
             "household_clusters", "household_jkn", "household_brr")
  rules <- c("math", "school", paste0("hf", 3:9), if (all(weights(dd, "sampling") == 1)) "shahvaish")
  for (rule in if (name %in% c(every, "firm_unweighted")) rules else "math") {
    q <- svyquantile(~income, dd, of, qrule = rule, ci = FALSE)[[1]]
    for (i in 2:3) {
      add("quantile", name, "quantile", list(question = "income", probabilities = of, rule = rule), "value", q[i],
          category = format(of[i]))
    }
  }
  if (is_census(name)) return()
  # R 4.1 leaves interval.type out of consideration in replicate designs (estimates-differences.csv).
  beta <- if (all(weights(dd, "sampling") > 0)) "beta"
  types <- if (inherits(d, "svyrep.design")) c("mean", "quantile") else c("mean", beta, "xlogit", "asin")
  for (type in if (name %in% every) types else types[1]) {
    q <- suppressWarnings(svyquantile(~income, dd, of, interval.type = type))[[1]]
    given <- list(question = "income", probabilities = of, interval = if (type == "mean") "woodruff" else type)
    for (i in 2:3) {
      add("quantile interval", name, "quantile", given, "lower", q[i, 2], category = format(of[i]))
      add("quantile interval", name, "quantile", given, "upper", q[i, 3], category = format(of[i]))
      add("quantile interval", name, "quantile", given, "standard_error", q[i, 4], category = format(of[i]))
    }
  }
}

for (name in names(fromJSON(file.path(folder, "designs.json"), simplifyVector = FALSE))) {
  d <- survey_of(name)
  if (!all(c("choice", "income", "hours", "sex") %in% names(d$variables))) next
  for (area in list(proportions, means, domains, quantiles)) {
    tryCatch(area(name, d), error = function(e) cat(name, conditionMessage(e), "\n"))
  }
}
write_cases("estimates")
