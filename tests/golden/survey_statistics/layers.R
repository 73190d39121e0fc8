# Golden values of tables in layers from R: mantelhaen.test, coin, vcd, and equations solved to the last digit where R
# stops early. Run from the project folder: Rscript tests/golden/survey_statistics/layers.R. Writes layers.csv beside
# this file, in the columns of exact.csv. Tables are [layer][row][column].
suppressPackageStartupMessages({library(jsonlite); library(coin); library(vcd)})
RNGversion("4.0.0"); set.seed(31)
out <- list()
json <- function(x) as.character(toJSON(x, auto_unbox = TRUE, digits = NA))
add <- function(case, test, x, field, expected, kind = "estimate", options = setNames(list(), character(0))) {
  data <- list(lapply(seq_len(dim(x)[3]), function(k) lapply(seq_len(nrow(x)), function(i) unname(x[i, , k]))))
  out[[length(out) + 1]] <<- data.frame(case, test, data = json(data), options = json(options), field,
    expected = sprintf("%.17g", unname(expected)), kind)
}
sides <- c("two-sided" = "two.sided", "less" = "less", "greater" = "greater")
two <- list(
  array(c(20, 12, 9, 17, 14, 11, 8, 19, 25, 20, 22, 30), c(2, 2, 3)),
  array(c(40, 25, 22, 41, 33, 30, 28, 36), c(2, 2, 2)),
  array(c(13, 8, 9, 12, 16, 7, 10, 15, 11, 9, 12, 14, 18, 10, 9, 20), c(2, 2, 4)),
  array(c(6, 2, 3, 7, 5, 1, 4, 4, 8, 3, 2, 9), c(2, 2, 3)),
  array(c(2, 5, 1, 9, 3, 0, 4, 6, 1, 2, 2, 3, 7, 4, 3, 8), c(2, 2, 4)))
root <- function(f) exp(uniroot(f, c(-15, 15), tol = 1e-15, maxiter = 10000)$root)
# The sum of the first cells by running through all of them, one layer after the other.
sums <- function(x, psi) {
  p <- 1; low <- 0
  for (k in seq_len(dim(x)[3])) {
    m <- sum(x[, 1, k]); n <- sum(x[, 2, k]); t <- sum(x[1, , k]); s <- max(0, t - n):min(m, t)
    d <- dhyper(s, m, n, t, log = TRUE) + log(psi) * s; d <- exp(d - max(d)); d <- d / sum(d)
    new <- numeric(length(p) + length(s) - 1)
    for (i in seq_along(s)) new[i - 1 + seq_along(p)] <- new[i - 1 + seq_along(p)] + p * d[i]
    p <- new; low <- low + s[1]
  }
  list(support = low + seq_along(p) - 1, p = p)
}
for (i in seq_along(two)) {
  x <- two[[i]]; name <- paste0("layers_", i); is_large <- i <= 3
  for (side in names(sides)) add(name, "mantel_haenszel.mantel_haenszel", x, "p_value",
    mantelhaen.test(x, exact = TRUE, alternative = sides[[side]])$p.value, "p", list(alternative = side, method = "exact"))
  if (is_large) for (side in names(sides)) for (yes in c(TRUE, FALSE)) {
    found <- mantelhaen.test(x, correct = yes, alternative = sides[[side]])
    options <- list(alternative = side, method = if (yes) "corrected" else "chi-square")
    add(name, "mantel_haenszel.mantel_haenszel", x, "statistic", found$statistic, options = options)
    add(name, "mantel_haenszel.mantel_haenszel", x, "p_value", found$p.value, "p", options)
  }
  found <- mantelhaen.test(x)
  if (all(apply(x, 3, function(t) prod(diag(t))) + apply(x, 3, function(t) t[1, 2] * t[2, 1]) > 0)) {
    add(name, "mantel_haenszel.common_odds_ratio", x, "value", found$estimate)
    add(name, "mantel_haenszel.common_odds_ratio", x, "lower", found$conf.int[1])
    add(name, "mantel_haenszel.common_odds_ratio", x, "upper", found$conf.int[2])
  }
  seen <- sum(x[1, 1, ])
  add(name, "mantel_haenszel.conditional_common_odds_ratio", x, "value",
      root(function(l) {d <- sums(x, exp(l)); sum(d$p * d$support) - seen}))
  add(name, "mantel_haenszel.conditional_common_odds_ratio", x, "lower",
      root(function(l) {d <- sums(x, exp(l)); sum(d$p[d$support >= seen]) - 0.025}))
  add(name, "mantel_haenszel.conditional_common_odds_ratio", x, "upper",
      root(function(l) {d <- sums(x, exp(l)); sum(d$p[d$support <= seen]) - 0.025}))
  add(name, "homogeneity.woolf", x, "statistic", woolf_test(x)$statistic)
  if (is_large) add(name, "homogeneity.woolf", x, "p_value", woolf_test(x)$p.value, "p")
  # Breslow and Day, and Tarone's correction, from their definition.
  or <- found$estimate
  parts <- sapply(seq_len(dim(x)[3]), function(k) {
    m <- sum(x[1, , k]); t <- sum(x[, 1, k]); n <- sum(x[, , k])
    odds <- function(a) log(a) + log(n - m - t + a) - log(m - a) - log(t - a) - log(or)
    a <- uniroot(odds, c(max(0, m + t - n) + 1e-12, min(m, t) - 1e-12), tol = 1e-15, maxiter = 10000)$root
    c(x[1, 1, k] - a, 1 / (1 / a + 1 / (m - a) + 1 / (t - a) + 1 / (n - m - t + a)))
  })
  bd <- sum(parts[1, ]^2 / parts[2, ]); tarone <- bd - sum(parts[1, ])^2 / sum(parts[2, ])
  add(name, "homogeneity.breslow_day", x, "statistic", bd, options = list(is_corrected = FALSE))
  add(name, "homogeneity.breslow_day", x, "statistic", tarone)
  if (is_large) add(name, "homogeneity.breslow_day", x, "p_value", pchisq(tarone, ncol(parts) - 1, lower.tail = FALSE), "p")
}
large <- list(array(rpois(3 * 4 * 3, 12) + 3, c(3, 4, 3)), array(rpois(2 * 3 * 4, 10) + 4, c(2, 3, 4)),
              array(rpois(4 * 3 * 2, 14) + 5, c(4, 3, 2)))
for (i in seq_along(large)) {
  x <- large[[i]]; name <- paste0("large_", i)
  found <- mantelhaen.test(x)
  add(name, "mantel_haenszel.generalised", x, "statistic", found$statistic, options = list(method = "chi-square"))
  add(name, "mantel_haenszel.generalised", x, "p_value", found$p.value, "p", list(method = "chi-square"))
  t <- as.table(x); dimnames(t) <- lapply(dim(x), function(n) letters[seq_len(n)]); names(dimnames(t)) <- c("r", "c", "k")
  r <- seq_len(dim(x)[1])^1.5; c <- seq_len(dim(x)[2])
  trend <- lbl_test(t, scores = list(r = r, c = c)); means <- cmh_test(t, scores = list(c = c))
  add(name, "mantel_haenszel.generalised", x, "statistic", statistic(trend)^(if (is(trend@statistic, "ScalarIndependenceTestStatistic")) 2 else 1),
      options = list(method = "chi-square", row_scores = r, column_scores = c))
  add(name, "mantel_haenszel.generalised", x, "p_value", c(pvalue(trend)), "p",
      list(method = "chi-square", row_scores = r, column_scores = c))
  add(name, "mantel_haenszel.generalised", x, "statistic", if (dim(x)[1] == 2) statistic(means)^(if (is(means@statistic, "ScalarIndependenceTestStatistic")) 2 else 1) else statistic(means),
      options = list(method = "chi-square", column_scores = c))
  add(name, "mantel_haenszel.generalised", x, "p_value", c(pvalue(means)), "p",
      list(method = "chi-square", column_scores = c))
}
write.csv(do.call(rbind, out), "tests/golden/survey_statistics/layers.csv", row.names = FALSE)
cat(length(out), "cases\n")
