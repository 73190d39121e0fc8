# Golden values for tests/unit/test_statistics_kaplan_meier.py.
# Run by hand from the project folder: Rscript tests/golden/survival/kaplan_meier.R
# Writes beside this file: kaplan_meier_data.csv (the input), kaplan_meier_curve.csv (survfit, the three interval types),
# kaplan_meier_quantile.csv (quantile.survfit) and versions.csv. The tests read the CSVs and never need R.
# Data: aml and lung come with the R package survival; the other sets are made up here.

suppressPackageStartupMessages(library(survival))
folder <- file.path("tests", "golden", "survival")
full <- function(x) ifelse(is.na(x) | is.nan(x), "", sprintf("%.17g", x))

set.seed(20130401)
entry <- round(runif(60, 0, 6), 1)
late <- entry + round(rexp(60, 0.15), 1) + 0.1
cases <- list(
  aml_maintained = data.frame(entry = NA, subset(aml, x == "Maintained")[, c("time", "status")]),
  aml_nonmaintained = data.frame(entry = NA, subset(aml, x == "Nonmaintained")[, c("time", "status")]),
  lung = data.frame(entry = NA, time = lung$time, status = lung$status - 1),
  left_truncated = data.frame(entry = entry, time = late, status = rbinom(60, 1, 0.7)),
  left_truncated_emptied = data.frame(entry = c(0, 0, 1, 3, 3, 4), time = c(2, 2, 2, 5, 6, 7),
                                      status = c(1, 1, 1, 1, 0, 1)),
  left_truncated_gap = data.frame(entry = c(0, 0, 1, 4, 4, 5), time = c(2, 3, 3, 6, 7, 8),
                                  status = c(1, 0, 0, 1, 0, 1)),
  entry_on_event_time = data.frame(entry = c(0, 0, 2, 2, 3, 0), time = c(2, 3, 3, 5, 5, 4), status = c(1, 1, 0, 1, 1, 0)),
  heavy_ties = data.frame(entry = NA, time = rep(c(1, 2, 3, 5), c(12, 20, 9, 7)),
                          status = rep(c(1, 0, 1, 0, 1, 0, 0), c(5, 7, 11, 9, 4, 5, 7))),
  all_censored = data.frame(entry = NA, time = c(1, 2, 2, 4), status = 0),
  all_events = data.frame(entry = NA, time = c(3, 1, 4, 1, 5, 9, 2, 6), status = 1),
  median_on_the_step = data.frame(entry = NA, time = c(1, 2, 3, 4, 7, 8), status = c(1, 0, 1, 1, 1, 0)),
  half_exactly = data.frame(entry = NA, time = c(1, 2, 3, 4), status = 1),
  one_event = data.frame(entry = NA, time = 2.5, status = 1),
  one_censored = data.frame(entry = NA, time = 2.5, status = 0),
  nearly_equal_times = data.frame(entry = NA, time = c(0.1 + 0.2, 0.3, 0.5, 1.1 + 2.2, 3.3), status = c(1, 1, 0, 1, 1))
)

rows <- list(); curves <- list(); quantiles <- list()
for (name in names(cases)) {
  d <- cases[[name]]
  rows[[name]] <- data.frame(case = name, entry = full(d$entry), time = full(d$time), event = d$status)
  y <- if (all(is.na(d$entry))) Surv(d$time, d$status) else Surv(d$entry, d$time, d$status)
  fit <- lapply(c("plain", "log", "log-log"), function(type) survfit(y ~ 1, conf.type = type))
  names(fit) <- c("plain", "log", "loglog")
  base <- fit$plain
  curves[[name]] <- data.frame(
    case = name, time = full(base$time), n_risk = base$n.risk, n_event = base$n.event, n_censored = base$n.censor,
    survival = full(base$surv), std_error = full(base$surv * base$std.err),
    plain_lower = full(fit$plain$lower), plain_upper = full(fit$plain$upper),
    log_lower = full(fit$log$lower), log_upper = full(fit$log$upper),
    loglog_lower = full(fit$loglog$lower), loglog_upper = full(fit$loglog$upper))
  for (type in names(fit)) {
    q <- quantile(fit[[type]], probs = c(0.25, 0.5, 0.75))
    quantiles[[paste(name, type)]] <- data.frame(case = name, interval = type, share = c(0.25, 0.5, 0.75),
      value = full(q$quantile), lower = full(q$lower), upper = full(q$upper))
  }
}
write <- function(parts, file) {
  write.csv(do.call(rbind, parts), file.path(folder, file), row.names = FALSE, quote = FALSE, na = "")
}
write(rows, "kaplan_meier_data.csv")
write(curves, "kaplan_meier_curve.csv")
write(quantiles, "kaplan_meier_quantile.csv")
packages <- c("survival", "coin", "npsurv")
write(list(data.frame(package = c("R", packages),
  version = c(paste(R.version$major, R.version$minor, sep = "."), sapply(packages, function(p) as.character(packageVersion(p)))))),
  "versions.csv")
