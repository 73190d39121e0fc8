# Golden values of samples drawn with unequal probabilities without replacement, under every design of pps-designs.json:
# pps.csv. See harness.R.
source(file.path("tests", "golden", "survey_statistics", "harness.R"))

note <- function(design, name, call, arguments, value, error, df = NULL, ...) {
  add(name, design, call, arguments, "value", value, ...)
  add(name, design, call, arguments, "standard_error", error, ...)
  if (!is.null(df)) add(name, design, call, arguments, "degrees_of_freedom", df, ...)
}
# ppsvar of R takes the root of a negative estimate of a variance, which is no number there and none here.
root <- function(x) suppressWarnings(unname(SE(x)))
# The residuals that ppsvar of R finds for a calibrated design and then leaves out of the variance.
residual_error <- function(y, s) {
  calibration <- s$postStrata[[1]]
  weighted <- as.matrix(y / s$prob)
  left <- qr.resid(calibration$qr, weighted / calibration$w) * calibration$w
  variance <- if (inherits(s, "pps")) survey:::htvar.matrix(left, s$dcheck[[1]]$dcheck)
              else svyrecvar(weighted, s$cluster, s$strata, s$fpc, postStrata = s$postStrata)
  sqrt(drop(variance))
}
for (name in names(fromJSON(file.path(folder, "pps-designs.json")))) {
  s <- survey_of(name)
  d <- s$variables
  if (grepl("calibrated", name)) {
    t <- svytotal(~income, s)
    note(name, "total", "total", list(question = "income"), coef(t), residual_error(d$income, s))
    m <- svymean(~income, s)
    note(name, "mean", "mean", list(question = "income"), coef(m),
         residual_error((d$income - coef(m)) / sum(weights(s)), s))
    next
  }
  m <- svymean(~income, s)
  note(name, "mean", "mean", list(question = "income"), coef(m), root(m)[1], degf(s))
  m <- svymean(~hours, s, na.rm = TRUE)
  note(name, "mean with missing", "mean", list(question = "hours"), coef(m), root(m)[1])
  t <- svytotal(~income, s)
  note(name, "total", "total", list(question = "income"), coef(t), root(t)[1])
  counts <- svytotal(~group, s)
  for (level in c("A", "C")) {
    k <- match(paste0("group", level), names(coef(counts)))
    note(name, "total of a category", "total", list(question = "group"), coef(counts)[[k]], root(counts)[[k]],
         category = level)
  }
  shares <- svymean(~choice, s, na.rm = TRUE)
  for (level in c("never", "sometimes")) {
    k <- match(paste0("choice", level), names(coef(shares)))
    note(name, "share", "proportion", list(question = "choice"), coef(shares)[[k]], root(shares)[[k]], category = level)
  }
  r <- svyratio(~income, ~visits, s)
  note(name, "ratio", "ratio", list(numerator = "income", denominator = "visits"), coef(r), root(r)[1])
  for (level in c("A", "B")) {
    here <- eval(bquote(subset(s, group == .(level))))
    m <- svymean(~income, here)
    t <- svytotal(~income, here)
    note(name, "mean of a domain", "mean", list(question = "income", by = "group"), coef(m), root(m)[1], degf(here),
         domain = paste("group =", level))
    note(name, "total of a domain", "total", list(question = "income", by = "group"), coef(t), root(t)[1],
         domain = paste("group =", level))
  }
  # svyby of R has no covariance of domains for these designs; the linearised score of the difference gives it.
  w <- weights(s)
  centred <- function(at) {
    inside <- d$trained == at
    (d$income - weighted.mean(d$income[inside], w[inside])) * inside / sum(w[inside])
  }
  score <- as.matrix((centred(0) - centred(1)) * w)
  variance <- if (inherits(s, "pps")) survey:::ppsvar(score, s) else svyrecvar(score, s$cluster, s$strata, s$fpc)
  means <- sapply(0:1, function(at) weighted.mean(d$income[d$trained == at], w[d$trained == at]))
  note(name, "difference", "difference", list(statistic = "mean", question = "income", by = "trained"),
       means[1] - means[2], suppressWarnings(sqrt(drop(variance))), domain = "trained = 0 minus trained = 1")
  test <- svychisq(~member + trained, s, statistic = "F")
  add("Rao-Scott", name, "independence_test", list(rows = "member", columns = "trained"), "statistic", test$statistic)
  add("Rao-Scott", name, "independence_test", list(rows = "member", columns = "trained"), "p_value", test$p.value,
      kind = "p")
  wald <- svychisq(~choice + trained, s, statistic = "Wald")
  add("Wald", name, "independence_test", list(rows = "choice", columns = "trained", kind = "Wald"), "statistic",
      wald$statistic)
  test <- svyttest(income ~ trained, s)
  add("t test", name, "t_test", list(question = "income", by = "trained"), "statistic", test$statistic)
  add("t test", name, "t_test", list(question = "income", by = "trained"), "p_value", test$p.value, kind = "p")
  test <- svyranktest(income ~ trained, s)
  add("rank test", name, "rank_test", list(question = "income", by = "trained"), "statistic", test$statistic)
  add("rank test", name, "rank_test", list(question = "income", by = "trained"), "p_value", test$p.value, kind = "p")
  q <- svyquantile(~income, s, c(0.25, 0.5), ci = TRUE)
  for (k in 1:2) {
    p <- c(0.25, 0.5)[k]
    for (field in c("value", "lower", "upper")) {
      column <- c(value = 1, lower = 2, upper = 3)[[field]]
      add("quantile", name, "quantile", list(question = "income", probabilities = I(p)), field, q$income[k, column])
    }
  }
}
# With the rule "average" R counts the strata of the whole sample for a domain too; see pps-differences.csv.
of_domains <- c("share", "mean of a domain", "total of a domain", "difference", "Rao-Scott", "Wald",
                "t test", "rank test", "mean with missing")
cases <- Filter(function(one) one$design != "farm_lonely_average" || !(one$case %in% of_domains), cases)
write_cases("pps")
