# Golden values for tests/unit/test_statistics_log_rank.py.
# Run by hand from the project folder: Rscript tests/golden/survival/log_rank.R (after kaplan_meier.R: versions.csv)
# Writes log_rank_data.csv, log_rank_test.csv (one row per case: source, statistic, df, p), log_rank_group.csv (observed,
# expected) and log_rank_variance.csv. survdiff for right-censored data; the score test of coxph for delayed entry
# (ties = "exact" has the hypergeometric variance of the log-rank test); coin::logrank_test for the permutation version.

suppressPackageStartupMessages({library(survival); library(coin)})
folder <- file.path("tests", "golden", "survival")
full <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
set.seed(4711)
late <- round(runif(40, 0, 4), 1)
tied <- data.frame(entry = floor(late), time = floor(late) + 1 + rpois(40, 3), status = rbinom(40, 1, 0.7),
                   group = rep(c("a", "b"), 20), stratum = "all")
untied <- data.frame(entry = late, time = late + 0.1 + round(rexp(40, 0.2), 3) + (1:40) / 100000,
                     status = rbinom(40, 1, 0.8), group = rep(c("a", "b", "c", "c"), 10), stratum = "all")
d <- function(data, time, status, group, stratum = "all") data.frame(entry = NA, time = data[[time]],
  status = data[[status]], group = paste0("g", data[[group]]), stratum = paste0("s", if (stratum == "all") "all" else data[[stratum]]))
lung$dead <- lung$status - 1
whole <- lung[!is.na(lung$ph.ecog), ]
small <- data.frame(entry = NA, time = c(1, 2, 2, 4, 5, 6, 6, 8, 9, 10), status = c(1, 1, 0, 1, 1, 1, 1, 0, 1, 0),
                    group = c("a", "a", "a", "b", "a", "b", "a", "b", "b", "b"), stratum = "all")
three <- data.frame(entry = NA, time = c(3, 1, 4, 1, 5, 9, 2, 6, 5), status = c(1, 1, 0, 1, 1, 1, 1, 0, 1),
                    group = rep(c("a", "b", "c"), 3), stratum = "all")
cases <- list(aml = d(aml, "time", "status", "x"), lung_sex = d(lung, "time", "dead", "sex"),
              lung_ecog = d(whole, "time", "dead", "ph.ecog"), lung_sex_by_ecog = d(whole, "time", "dead", "sex", "ph.ecog"),
              small = small, three_groups = three, tied_entry = tied, untied_entry = untied)

data <- list(); tests <- list(); groups <- list(); variances <- list()
add <- function(case, source, statistic, df, p) {
  tests[[length(tests) + 1]] <<- data.frame(case = case, source = source, statistic = full(statistic), df = df, p_value = full(p))
}
for (name in names(cases)) {
  x <- cases[[name]]
  data[[name]] <- data.frame(case = name, entry = full(x$entry), time = full(x$time), event = x$status, group = x$group, stratum = x$stratum)
  if (all(is.na(x$entry))) {
    fit <- survdiff(Surv(time, status) ~ group + strata(stratum), data = x)
    df <- length(fit$n) - 1
    add(name, "survdiff", fit$chisq, df, fit$pvalue)
    sum_rows <- function(m) if (is.matrix(m)) rowSums(m) else m
    groups[[name]] <- data.frame(case = name, group = sort(unique(x$group)), observed = full(sum_rows(fit$obs)), expected = full(sum_rows(fit$exp)))
    variances[[name]] <- data.frame(case = name, row = as.vector(row(fit$var)), column = as.vector(col(fit$var)), value = full(as.vector(fit$var)))
  } else {
    for (ties in c("exact", if (name == "untied_entry") "breslow")) {
      fit <- coxph(Surv(entry, time, status) ~ factor(group), data = x, ties = ties)
      df <- length(fit$coefficients)
      add(name, paste("coxph", ties), fit$score, df, pchisq(fit$score, df, lower.tail = FALSE))
    }
  }
  if (name %in% c("aml", "small", "three_groups")) {
    y <- Surv(x$time, x$status); g <- factor(x$group)
    if (name == "three_groups") {
      # coin has no exact K-sample distribution: all 9!/(3!)^3 labellings of its own scores are listed here.
      a <- -logrank_trafo(y)
      quadratic <- function(g) sum(tapply(a, g, sum)^2 / 3) / (sum(a^2) / 8)
      first <- combn(9, 3); values <- c()
      for (i in seq_len(ncol(first))) {
        rest <- setdiff(1:9, first[, i]); second <- combn(rest, 3)
        for (j in seq_len(ncol(second))) {
          label <- rep("c", 9); label[first[, i]] <- "a"; label[second[, j]] <- "b"
          values <- c(values, quadratic(label))
        }
      }
      seen <- quadratic(x$group)
      stopifnot(isTRUE(all.equal(seen, as.numeric(statistic(logrank_test(y ~ g))))))
      add(name, "permutation", seen, 2, mean(values >= seen - 1e-9))
    } else {
      test <- logrank_test(y ~ g, distribution = "exact")
      add(name, "permutation", as.numeric(statistic(test))^2, 1, as.numeric(pvalue(test)))
    }
  }
}
write <- function(parts, file) write.csv(do.call(rbind, parts), file.path(folder, file), row.names = FALSE, quote = FALSE, na = "")
write(data, "log_rank_data.csv"); write(tests, "log_rank_test.csv")
write(groups, "log_rank_group.csv"); write(variances, "log_rank_variance.csv")
