# Golden values for tests/unit/test_statistics_interval_censored.py.
# Run by hand from the project folder: Rscript tests/golden/survival/interval_censored.R (kaplan_meier.R: versions.csv)
# Writes interval_censored_data.csv, interval_censored_mass.csv (npsurv, run until the likelihood no longer grows),
# interval_censored_turnbull.csv (survfit, which stops when no value moves by 5e-5) and interval_censored_fit.csv.
# cosmesis_rct, cosmesis_rt: breast cosmesis data of Finkelstein, D. M. and Wolfe, R. A. (1985), Biometrics 41, 933-945,
# as in the R package npsurv. The other sets are made up here.

suppressPackageStartupMessages({library(survival); library(npsurv)})
folder <- file.path("tests", "golden", "survival")
full <- function(x) ifelse(is.na(x), "", ifelse(is.infinite(x), "inf", sprintf("%.17g", x)))
data(cancer, package = "npsurv")
set.seed(1976)
exit <- rexp(80, 0.2)
editions <- c(0, 2, 3, 5, 8, 13, Inf)
cell <- findInterval(exit, editions)
offset <- round(runif(80, 0, 1.5), 1)
shifted <- sapply(1:80, function(i) {
  looked <- c(0, c(2, 3, 5, 8, 13) + offset[i], Inf)
  j <- findInterval(exit[i], looked); c(looked[j], looked[j + 1])
})
cases <- list(
  cosmesis_rct = subset(cancer, group == "RCT")[, c("L", "R")],
  cosmesis_rt = subset(cancer, group == "RT")[, c("L", "R")],
  same_editions = data.frame(L = editions[cell], R = editions[cell + 1]),
  own_editions = data.frame(L = shifted[1, ], R = shifted[2, ]),
  exact_and_interval = data.frame(L = c(1, 2, 2, 4, 5, 1, 3, 6), R = c(3, 2, 6, 4, Inf, 5, 7, 6)))

rows <- list(); masses <- list(); curves <- list(); fits <- list()
for (name in names(cases)) {
  d <- cases[[name]]
  rows[[name]] <- data.frame(case = name, left = full(d$L), right = full(d$R))
  fit <- npsurv(as.matrix(d), tol = 0, maxit = 10000)
  f <- fit$f
  masses[[name]] <- data.frame(case = name, lower = full(f$left), upper = full(f$right), mass = full(f$p))
  fits[[name]] <- data.frame(case = name, log_likelihood = full(fit$ll), gap = full(fit$maxgrad))
  # From 0, not left-censored (NA): survfit gives each left-censored time before the first interval a mass of its own.
  t <- survfit(Surv(d$L, ifelse(is.infinite(d$R), NA, d$R), type = "interval2") ~ 1)
  curves[[name]] <- data.frame(case = name, time = full(t$time), survival = full(t$surv))
}
write <- function(parts, file) write.csv(do.call(rbind, parts), file.path(folder, file), row.names = FALSE, quote = FALSE, na = "")
write(rows, "interval_censored_data.csv"); write(masses, "interval_censored_mass.csv")
write(curves, "interval_censored_turnbull.csv"); write(fits, "interval_censored_fit.csv")
