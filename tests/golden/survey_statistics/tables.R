# Tests of tables, of ranks and of means, and shares of tables, under every design.
# Run by hand: Rscript tests/golden/survey_statistics/tables.R
source(file.path("tests", "golden", "survey_statistics", "harness.R"))

has_zero_weights <- c("household_zero_weights", "hospital_unequal", "hospital_stratified")
pairs <- list(c("choice", "group"), c("sex", "member"))
plain <- names(fromJSON(file.path(folder, "designs.json"), simplifyVector = FALSE))
for (name in names(all_designs)) {
  design <- survey_of(name)
  # Calibrated replicate weights are compared in weighting.R.
  if (inherits(design, "svyrep.design") && !name %in% plain) next
  for (pair in pairs) {
    formula <- as.formula(paste0("~", pair[1], "+", pair[2]))
    kinds <- if (pair[1] == "choice") c("F", "Chisq") else c("F", "Wald", "adjWald")
    # R without the package CompQuadForm answers "lincom" with the saddlepoint, so lincom is not compared.
    if (name %in% c("firm_srs", "household_clusters", "pupil_two_stage", "household_jkn") && pair[1] == "choice")
      kinds <- c(kinds, "saddlepoint", "Wald", "adjWald")
    for (kind in kinds) {
      found <- tryCatch(suppressWarnings(svychisq(formula, design, statistic = kind)), error = function(e) NULL)
      if (is.null(found) || !is.finite(found$p.value)) next
      arguments <- list(rows = pair[1], columns = pair[2], kind = kind)
      id <- paste("independence", kind, pair[1], pair[2])
      # R counts responses without weight into the number that a chi-square is scaled to; ours does not.
      if (!(name %in% has_zero_weights && kind == "Chisq"))
        add(id, name, "independence_test", arguments, "statistic", found$statistic)
      # R counts units without weight into the degrees of freedom of this test, though not into those of others.
      if (name %in% has_zero_weights && kind != "Chisq") next
      # Without weights, strata and clusters the p value of a table with small cells is not given as the p value.
      small <- name %in% c("firm_srs", "firm_unweighted", "organisation_census") && pair[1] == "choice"
      field <- if (small) "extra.rough_p_value" else "p_value"
      add(id, name, "independence_test", arguments, field, found$p.value, kind = "p")
      if (kind %in% c("F", "adjWald"))
        add(id, name, "independence_test", arguments, "df_denominator", found$parameter[2])
    }
  }
}

compared <- c("firm_srs", "firm_no_fpc", "school_stratified", "village_clusters", "pupil_two_stage",
              "household_clusters", "hospital_unequal", "household_jkn", "household_brr")
for (name in compared) {
  design <- survey_of(name)
  small <- suppressWarnings(svyloglin(~sex + member, design))
  large <- update(small, ~.^2)
  found <- suppressWarnings(anova(small, large))
  arguments <- list(rows = "sex", columns = "member", kind = "LR")
  if (!name %in% has_zero_weights)
    add("likelihood ratio", name, "independence_test", list(rows = "sex", columns = "member", kind = "LR_Chisq"),
        "statistic", found$dev$dev)
  add("likelihood ratio", name, "independence_test", arguments, "p_value", found$dev$p[3], kind = "p")
  small <- suppressWarnings(svyloglin(~(choice + member) * sex, design))
  large <- suppressWarnings(svyloglin(~choice * member * sex, design))
  if (any(coef(small$prob.table) == 0)) next
  found <- tryCatch(suppressWarnings(anova(small, large)), error = function(e) NULL)
  if (is.null(found)) next
  # First order only: for the second R squares a matrix that is not symmetric as if it were (tables-differences.csv).
  arguments <- list(rows = "choice", columns = "member", layers = "sex", kind = "LR_Chisq")
  add("likelihood ratio in layers", name, "independence_test", arguments, "statistic", found$dev$dev)
  add("likelihood ratio in layers", name, "independence_test", arguments, "p_value", found$dev$p[2], kind = "p")
  arguments$kind <- "Chisq"
  add("Pearson in layers", name, "independence_test", arguments, "statistic", found$score$chisq)
  add("Pearson in layers", name, "independence_test", arguments, "p_value", found$score$p[2], kind = "p")
}

for (name in compared) {
  design <- survey_of(name)
  for (given in list(c(f = 0.45, m = 0.55), c(never = 0.3, sometimes = 0.3, often = 0.25, daily = 0.15))) {
    question <- if ("f" %in% names(given)) "sex" else "choice"
    levels <- levels(design$variables[[question]])
    found <- suppressWarnings(svygofchisq(as.formula(paste0("~", question)), p = given[levels], design, na.rm = TRUE))
    arguments <- list(question = question, shares = as.list(given))
    add("goodness of fit", name, "goodness_of_fit", arguments, "statistic", found$statistic)
    add("goodness of fit", name, "goodness_of_fit", arguments, "p_value", found$p.value, kind = "p")
    add("goodness of fit", name, "goodness_of_fit", arguments, "df_numerator", found$parameter["df"])
  }
}

for (name in c(compared, "household_zero_weights", "school_lonely_adjust", "household_lonely_average")) {
  design <- survey_of(name)
  for (test in c("wilcoxon", "vanderWaerden", "median")) {
    # R lets responses without weight change the standard error of these scores (tables-differences.csv).
    if (name == "household_zero_weights" && test == "vanderWaerden") next
    two <- svyranktest(income ~ sex, design, test = test)
    arguments <- list(question = "income", by = "sex", test = test)
    add("two groups", name, "rank_test", arguments, "statistic", two$statistic)
    add("two groups", name, "rank_test", arguments, "p_value", two$p.value, kind = "p")
    add("two groups", name, "rank_test", arguments, "df_denominator", two$parameter)
    add("two groups", name, "rank_test", arguments, "extra.difference", two$estimate)
    # R compares more than two groups only in linearised designs, and gives the chi-square as the parameter.
    if (inherits(design, "svyrep.design")) next
    many <- tryCatch(svyranktest(visits ~ choice, design, test = test), error = function(e) NULL)
    if (is.null(many)) next
    arguments <- list(question = "visits", by = "choice", test = test)
    add("several groups", name, "rank_test", arguments, "statistic", many$parameter)
    add("several groups", name, "rank_test", arguments, "p_value", many$p.value, kind = "p")
    add("several groups", name, "rank_test", arguments, "df_denominator", many$ddf)
  }
  one <- svyttest(income ~ 0, design, na.rm = TRUE)
  two <- svyttest(income ~ sex, design)
  line <- summary(svyglm(income ~ visits, design))$coefficients
  for (kind in c("one", "two")) {
    found <- get(kind)
    arguments <- if (kind == "one") list(question = "income") else list(question = "income", by = "sex")
    id <- paste(kind, "mean")
    add(id, name, "t_test", arguments, "statistic", found$statistic)
    add(id, name, "t_test", arguments, "p_value", found$p.value, kind = "p")
    add(id, name, "t_test", arguments, "df_denominator", found$parameter)
    add(id, name, "t_test", arguments, "effect_size.lower", found$conf.int[1])
    add(id, name, "t_test", arguments, "effect_size.upper", found$conf.int[2])
  }
  arguments <- list(question = "income", by = "visits")
  add("trend", name, "trend_test", arguments, "effect_size.value", line[2, 1])
  add("trend", name, "trend_test", arguments, "effect_size.standard_error", line[2, 2])
  add("trend", name, "trend_test", arguments, "p_value", line[2, 4], kind = "p")
}

# Effect sizes: of svyglm, svykappa, svycontrast; the area under the curve from its influence function.
for (name in setdiff(compared, c("household_jkn", "household_brr"))) {
  design <- survey_of(name)
  logit <- svyglm(I(member == "yes") ~ sex, design, family = quasibinomial(), control = list(epsilon = 1e-15, maxit = 60))
  arguments <- list(kind = "odds_ratio", question = "member", by = "sex")
  limits <- exp(confint(logit, parm = 2, ddf = logit$df.resid))
  add("odds ratio", name, "effect_size", arguments, "value", exp(coef(logit)[2]))
  add("odds ratio", name, "effect_size", arguments, "lower", limits[1])
  add("odds ratio", name, "effect_size", arguments, "upper", limits[2])
  line <- svyglm(I(member == "yes") ~ sex, design)
  arguments$kind <- "risk_difference"
  add("risk difference", name, "effect_size", arguments, "value", coef(line)[2])
  add("risk difference", name, "effect_size", arguments, "standard_error", SE(line)[2])
  add("risk difference", name, "effect_size", arguments, "upper", confint(line, parm = 2)[2])
  shares <- svymean(~interaction(member, sex), design, na.rm = TRUE)
  names(shares) <- c("p00", "p10", "p01", "p11")
  found <- svycontrast(shares, quote((p00 * p11 - p01 * p10) /
    sqrt((p00 + p01) * (p10 + p11) * (p00 + p10) * (p01 + p11))))
  arguments$kind <- "phi"
  add("phi", name, "effect_size", arguments, "value", coef(found))
  add("phi", name, "effect_size", arguments, "standard_error", SE(found))
  rated <- update(subset(design, !is.na(item_1) & !is.na(item_2)), a = factor(item_1), b = factor(item_2))
  if (nlevels(factor(rated$variables$a)) == nlevels(factor(rated$variables$b))) {
    found <- svykappa(~a + b, rated)
    arguments <- list(kind = "kappa", question = "item_1", by = "item_2")
    add("kappa", name, "effect_size", arguments, "value", coef(found))
    add("kappa", name, "effect_size", arguments, "standard_error", SE(found))
  }
  there <- subset(design, !is.na(income) & !is.na(sex))
  y <- there$variables$income
  second <- there$variables$sex == "m"
  w <- weights(there)
  below <- function(g) sapply(y, function(at) sum(w[g] * ((y[g] < at) + 0.5 * (y[g] == at))) / sum(w[g]))
  auc <- sum((w * below(!second))[second]) / sum(w[second])
  influence <- ifelse(second, (below(!second) - auc) / sum(w[second]), (1 - below(second) - auc) / sum(w[!second]))
  arguments <- list(kind = "auc", question = "income", by = "sex")
  add("area under the curve", name, "effect_size", arguments, "value", auc)
  add("area under the curve", name, "effect_size", arguments, "standard_error", SE(svytotal(influence, there)))
  n <- sum(w > 0)
  design$variables$first <- as.numeric(design$variables$sex == "f")
  design$variables$other <- as.numeric(design$variables$sex == "m")
  sums <- svytotal(~first + other + I(first * income) + I(other * income) + I(first * income^2) + I(other * income^2),
                   design, na.rm = TRUE)
  names(sums) <- c("n0", "n1", "y0", "y1", "z0", "z1")
  formula <- bquote((y1 / n1 - y0 / n0) / sqrt(.(n / (n - 2)) * (z0 - y0^2 / n0 + z1 - y1^2 / n1) / (n0 + n1)))
  found <- svycontrast(sums, formula)
  arguments$kind <- "cohens_d"
  add("Cohen's d", name, "effect_size", arguments, "value", coef(found))
  add("Cohen's d", name, "effect_size", arguments, "standard_error", SE(found))
}

share <- function(table, of, id, name, question, category, domain, found, i) {
  add(id, name, "table.to_rows", table, "value", coef(found)[i], statistic = of, question = question,
      category = category, domain = domain)
  add(id, name, "table.to_rows", table, "standard_error", sqrt(diag(vcov(found)))[match(i, names(coef(found)))], statistic = of, question = question,
      category = category, domain = domain)
}
for (name in c("firm_srs", "pupil_two_stage", "household_clusters", "household_brr")) {
  design <- survey_of(name)
  table <- list(rows = "choice", columns = "sex")
  for (sex in c("f", "m")) {
    column <- svymean(~choice, design[which(design$variables$sex == sex), ], na.rm = TRUE)
    for (category in c("often", "never"))
      share(table, "column_share", "column share", name, "choice", category, paste("sex =", sex), column,
            paste0("choice", category))
  }
  chosen <- subset(design, choice == "often")
  share(table, "row_share", "row share", name, "sex", "f", "choice = often", svymean(~sex, chosen, na.rm = TRUE), "sexf")
  joint <- svymean(~interaction(choice, sex), design, na.rm = TRUE)
  share(table, "total_share", "total share", name, "choice x sex", "often / f", "all", joint,
        "interaction(choice, sex)often.f")
  margin <- svymean(~choice, subset(design, !is.na(sex)), na.rm = TRUE)
  share(table, "column_share", "margin", name, "choice", "often", "all", margin, "choiceoften")
}
write_cases("tables")
