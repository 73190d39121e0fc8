# Tests of tables, of ranks and of means, and shares of tables, under every design.
# Run by hand: Rscript tests/golden/survey_statistics/tables.R
source(file.path("tests", "golden", "survey_statistics", "harness.R"))

has_zero_weights <- c("household_zero_weights", "hospital_unequal", "hospital_stratified")
# calibrate() of R counts the degrees of freedom of adjusted replicate weights anew only where it is linear.
keeps_df <- c("fay_exponential", "bootstrap_logit", "jkn_bounded")
pairs <- list(c("choice", "group"), c("sex", "member"))
for (name in setdiff(names(all_designs), keeps_df)) {
  design <- survey_of(name)
  # R counts responses without weight into the number that a chi-square is scaled to and into its degrees of freedom;
  # ours does not, and agrees with R on the responses that have one.
  if (name %in% has_zero_weights) design <- design[weights(design, "sampling") > 0, ]
  is_replicate <- inherits(design, "svyrep.design")
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
      add(id, name, "independence_test", arguments, "statistic", found$statistic)
      add(id, name, "independence_test", arguments, "p_value", found$p.value, kind = "p")
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
    add("likelihood ratio", name, "independence_test", arguments, "extra.chi_square", found$dev$dev)
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
