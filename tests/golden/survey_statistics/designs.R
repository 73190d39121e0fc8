# Golden values of totals, means, shares and ratios with their standard errors and degrees of freedom under every design
# of designs.json and replicates-designs.json: designs.csv. See harness.R.
source(file.path("tests", "golden", "survey_statistics", "harness.R"))

note <- function(design, name, call, arguments, value, error, df = NULL, ...) {
  add(name, design, call, arguments, "value", value, ...)
  add(name, design, call, arguments, "standard_error", error, ...)
  if (!is.null(df)) add(name, design, call, arguments, "degrees_of_freedom", df, ...)
}
stated <- names(fromJSON(file.path(folder, "designs.json")))
made <- names(fromJSON(file.path(folder, "replicates-designs.json")))
for (name in c(stated, made)) {
  s <- survey_of(name)
  has_domain_df <- inherits(s, "survey.design2") || name %in% made
  m <- svymean(~income, s)
  note(name, "mean", "mean", list(question = "income"), coef(m), SE(m)[1], degf(s))
  m <- svymean(~hours, s, na.rm = TRUE)
  note(name, "mean with missing", "mean", list(question = "hours"), coef(m), SE(m)[1])
  t <- svytotal(~income, s)
  note(name, "total", "total", list(question = "income"), coef(t), SE(t)[1])
  shares <- svymean(~choice, s, na.rm = TRUE)
  for (level in c("never", "daily")) {
    k <- match(paste0("choice", level), names(coef(shares)))
    note(name, "share", "proportion", list(question = "choice"), coef(shares)[[k]], SE(shares)[[k]], category = level)
  }
  r <- svyratio(~income, ~hours, s, na.rm = TRUE)
  note(name, "ratio", "ratio", list(numerator = "income", denominator = "hours"), coef(r), SE(r)[1])
  for (group in c("A", "E")) {
    here <- s[s$variables$group == group & !is.na(s$variables$hours), ]
    m <- svymean(~hours, here)
    if (sum(weights(here, "sampling")) > 0) note(name, "domain", "mean", list(question = "hours", by = "group"), coef(m),
         SE(m)[1], if (has_domain_df) degf(here), domain = paste("group =", group))
  }
}
write_cases("designs")
