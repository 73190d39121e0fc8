# Golden values of weighted surveys: post-stratification, raking, calibration and trimming under several designs and
# with replicate weights. The surveys are those of weighting-designs.json; weights.csv holds sums over the weights
# themselves. Run: Rscript tests/golden/survey_statistics/weighting.R
source(file.path("tests", "golden", "survey_statistics", "harness.R"))

one <- function(case, design, call, arguments, found, error, ...) {
  add(case, design, call, arguments, "value", as.numeric(found), ...)
  add(case, design, call, arguments, "standard_error", as.numeric(error), ...)
}

weights_found <- list()
for (name in names(fromJSON(file.path(folder, "weighting-designs.json")))) {
  s <- survey_of(name)
  mean_income <- svymean(~income, s)
  one("mean", name, "mean", list(question = "income"), coef(mean_income), SE(mean_income))
  total_hours <- svytotal(~hours, s, na.rm = TRUE)
  one("total", name, "total", list(question = "hours"), coef(total_hours), SE(total_hours))
  ratio <- svyratio(~income, ~visits, s)
  one("ratio", name, "ratio", list(numerator = "income", denominator = "visits"), coef(ratio), SE(ratio)[1])
  shares <- svymean(~choice, s, na.rm = TRUE)
  for (level in c("never", "often")) {
    place <- match(paste0("choice", level), names(coef(shares)))
    one("proportion", name, "proportion", list(question = "choice"), coef(shares)[[place]], SE(shares)[[place]],
        category = level)
  }
  by <- svyby(~hours, ~sex, s, svymean, na.rm = TRUE)
  one("mean by domain", name, "mean", list(question = "hours", by = "sex"), coef(by)[["m"]], SE(by)[2], domain = "sex = m")
  w <- weights(s, "sampling")
  counted <- w[w > 0]
  weights_found[[name]] <- data.frame(design = name, n = length(counted), lowest = min(counted), highest = max(counted),
                                      weight_sum = sum(w), weight_squares = sum(w^2))
}
write_cases("weighting")
table <- do.call(rbind, weights_found)
for (column in names(table)[3:6]) table[[column]] <- sprintf("%.17g", table[[column]])
write.csv(table, file.path(folder, "weights.csv"), row.names = FALSE, quote = FALSE)
