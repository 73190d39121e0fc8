# Golden values of classical tests from R: stats, coin, exactRankTests, vcd, and brute force where R has no exact test.
# Run from the project folder: Rscript tests/golden/survey_statistics/exact.R. Writes exact.csv beside this file:
# case, test (a function of analytics.survey_statistics.exact), data and options (JSON), field, expected, kind.
suppressPackageStartupMessages({library(jsonlite); library(coin); library(exactRankTests); library(vcd)})
RNGversion("4.0.0"); set.seed(20)
out <- list()
json <- function(x) as.character(toJSON(x, auto_unbox = TRUE, digits = NA))
add <- function(case, test, data, field, expected, kind = "estimate", options = NULL) {
  if (is.null(options)) options <- setNames(list(), character(0))
  out[[length(out) + 1]] <<- data.frame(case, test, data = json(data), options = json(options), field,
    expected = ifelse(is.na(expected), "", sprintf("%.17g", expected)), kind)
}
rows <- function(m) lapply(seq_len(nrow(m)), function(i) unname(m[i, ]))
vec <- function(x) lapply(unname(x), identity)
sides <- c("two-sided" = "two.sided", "less" = "less", "greater" = "greater")

# Fisher -----------------------------------------------------------------------------------------------------------
two <- list(matrix(c(3, 1, 1, 3), 2), matrix(c(10, 3, 2, 15), 2), matrix(c(0, 5, 7, 2), 2), matrix(c(12, 30, 25, 18), 2),
            matrix(c(1, 0, 9, 11), 2), matrix(c(40, 4, 7, 33), 2))
density_at <- function(table, psi) {
  m <- sum(table[, 1]); n <- sum(table[, 2]); k <- sum(table[1, ])
  support <- max(0, k - n):min(k, m)
  d <- dhyper(support, m, n, k, log = TRUE) + log(psi) * support
  d <- exp(d - max(d))
  list(support = support, p = d / sum(d))
}
root <- function(f) exp(uniroot(f, c(-30, 30), tol = 1e-15, maxiter = 10000)$root)
for (i in seq_along(two)) {
  t <- two[[i]]; x <- t[1, 1]; name <- paste0("fisher_two_", i)
  for (side in names(sides)) add(name, "fisher.fisher_exact", list(rows(t)), "p_value",
    fisher.test(t, alternative = sides[[side]])$p.value, "p", list(alternative = side))
  found <- density_at(t, 1)
  # fisher.test finds its limits to 1e-4 only (uniroot's default tolerance): its equations, solved to the last digit.
  if (x > min(found$support) && x < max(found$support)) {
    add(name, "fisher.conditional_odds_ratio", list(rows(t)), "value", root(function(l) {d <- density_at(t, exp(l)); sum(d$p * d$support) - x}))
    add(name, "fisher.conditional_odds_ratio", list(rows(t)), "lower", root(function(l) {d <- density_at(t, exp(l)); sum(d$p[d$support >= x]) - 0.025}))
    add(name, "fisher.conditional_odds_ratio", list(rows(t)), "upper", root(function(l) {d <- density_at(t, exp(l)); sum(d$p[d$support <= x]) - 0.025}))
  }
}
many <- list(matrix(c(1, 3, 10, 6, 2, 3, 10, 7, 1, 6, 14, 12, 0, 1, 9, 11), 4), matrix(c(8, 1, 5, 3, 9, 6, 4, 2, 7), 3),
             matrix(c(2, 1, 0, 3, 4, 3, 1, 2, 3, 4, 2, 1, 1, 3, 4, 0, 0, 2, 5, 2), 4), matrix(c(20, 25, 30, 20, 25, 40), 2),
             matrix(c(5, 0, 0, 0, 6, 1, 1, 0, 7), 3), matrix(rpois(25, 2), 5), matrix(rpois(12, 4), 3), matrix(rpois(8, 9), 2))
for (i in seq_along(many)) add(paste0("fisher_many_", i), "fisher.fisher_exact", list(rows(many[[i]])), "p_value",
                               fisher.test(many[[i]], workspace = 2e7)$p.value, "p")

# Chi-square -------------------------------------------------------------------------------------------------------
large <- list(matrix(c(30, 25, 20, 18, 22, 40), 2), matrix(c(12, 30, 25, 18), 2), matrix(c(15, 20, 25, 30, 20, 14, 11, 16, 22), 3))
for (i in seq_along(large)) {
  t <- large[[i]]; name <- paste0("chi_square_", i)
  for (yes in c(FALSE, TRUE)) {
    found <- chisq.test(t, correct = yes)
    add(name, "chi_square.independence", list(rows(t)), "statistic", found$statistic, options = list(is_corrected = yes))
    add(name, "chi_square.independence", list(rows(t)), "p_value", found$p.value, "p", list(is_corrected = yes))
  }
  v <- assocstats(as.table(t))$cramer; most <- sum(t) * (min(dim(t)) - 1); x <- v^2 * most; df <- prod(dim(t) - 1)
  add(name, "effect_size.cramers_v", list(rows(t)), "value", v)
  at <- function(p) if (pchisq(x, df) <= p) 0 else uniroot(function(n) pchisq(x, df, n) - p, c(0, 500), tol = 1e-13)$root
  add(name, "effect_size.cramers_v", list(rows(t)), "lower", sqrt(at(0.975) / most), "p")
  add(name, "effect_size.cramers_v", list(rows(t)), "upper", sqrt(at(0.025) / most), "p")
}
for (t in list(c(13, 15, 11, 12), c(30, 22, 9))) {
  found <- chisq.test(t)
  add("fit_equal", "chi_square.goodness_of_fit", list(vec(t)), "statistic", found$statistic)
  add("fit_equal", "chi_square.goodness_of_fit", list(vec(t)), "p_value", found$p.value, "p")
}
found <- chisq.test(c(30, 22, 9), p = c(0.5, 0.3, 0.2))
add("fit_given", "chi_square.goodness_of_fit", list(c(30, 22, 9), c(0.5, 0.3, 0.2)), "p_value", found$p.value, "p")
exact_fit <- function(seen, p) {
  n <- sum(seen); all <- as.matrix(expand.grid(rep(list(0:n), length(p)))); all <- all[rowSums(all) == n, ]
  far <- apply(all, 1, function(k) sum((k - n * p)^2 / (n * p)))
  sum(apply(all, 1, dmultinom, prob = p)[far >= sum((seen - n * p)^2 / (n * p)) - 1e-9])
}
for (case in list(list(c(3, 5, 1, 2), rep(0.25, 4)), list(c(0, 2, 6), c(0.5, 0.3, 0.2)), list(c(9, 1), c(0.6, 0.4))))
  add("fit_exact", "chi_square.goodness_of_fit", case, "p_value", exact_fit(case[[1]], case[[2]]), "p")

# Pairs ------------------------------------------------------------------------------------------------------------
pairs <- list(matrix(c(10, 1, 5, 9), 2), matrix(c(44, 21, 8, 27), 2), matrix(c(5, 0, 4, 6), 2), matrix(c(3, 6, 6, 3), 2))
for (i in seq_along(pairs)) {
  t <- pairs[[i]]; b <- t[1, 2]; c <- t[2, 1]; name <- paste0("mcnemar_", i)
  add(name, "mcnemar.mcnemar", list(rows(t)), "p_value", binom.test(b, b + c)$p.value, "p", list(method = "exact"))
  add(name, "mcnemar.mcnemar", list(rows(t)), "p_value", binom.test(b, b + c)$p.value - dbinom(b, b + c, 0.5) * if (b == c) 0.5 else 1, "p",
      list(method = "mid-p"))
  for (way in c("chi-square", "corrected")) {
    found <- mcnemar.test(t, correct = way == "corrected")
    add(name, "mcnemar.mcnemar", list(rows(t)), "statistic", found$statistic, options = list(method = way))
    add(name, "mcnemar.mcnemar", list(rows(t)), "p_value", found$p.value, "p", list(method = way))
  }
  limits <- binom.test(b, b + c)$conf.int
  add(name, "mcnemar.paired_odds_ratio", list(rows(t)), "lower", limits[1] / (1 - limits[1]))
  if (c > 0) add(name, "mcnemar.paired_odds_ratio", list(rows(t)), "upper", limits[2] / (1 - limits[2]))
}
squares <- list(matrix(c(10, 6, 1, 5, 8, 4, 2, 7, 9), 3), matrix(c(22, 3, 4, 6, 30, 5, 2, 9, 18), 3), matrix(c(20, 5, 3, 1, 6, 18, 4, 2, 2, 5, 15, 6, 0, 3, 4, 12), 4))
for (i in seq_along(squares)) {
  t <- squares[[i]]; found <- mcnemar.test(t); name <- paste0("square_", i)
  add(name, "mcnemar.mcnemar", list(rows(t)), "statistic", found$statistic, options = list(method = "chi-square"))
  add(name, "mcnemar.mcnemar", list(rows(t)), "p_value", found$p.value, "p", list(method = "chi-square"))
  for (way in c("none", "linear", "quadratic")) {
    k <- Kappa(t, weights = if (way == "quadratic") "Fleiss-Cohen" else "Equal-Spacing")
    k <- if (way == "none") k$Unweighted else k$Weighted
    add(name, "agreement.kappa", list(rows(t)), "value", k[["value"]], options = list(weights = way))
    add(name, "agreement.kappa", list(rows(t)), "standard_error", k[["ASE"]], options = list(weights = way))
  }
}

# Wilcoxon ---------------------------------------------------------------------------------------------------------
plain <- lapply(1:3, function(i) list(round(rnorm(5 + i), 4), round(rnorm(9 - i, 0.8), 4)))
tied <- lapply(1:4, function(i) list(sample(1:5, 6 + 2 * i, TRUE), sample(1:5, 6 + 2 * i, TRUE, c(1, 1, 2, 3, 3))))
for (i in seq_along(plain)) for (side in names(sides)) {
  d <- plain[[i]]; found <- wilcox.test(d[[1]], d[[2]], alternative = sides[[side]])
  data <- list(vec(d[[1]]), vec(d[[2]]))
  add(paste0("rank_sum_", i), "wilcoxon.rank_sum", data, "statistic", found$statistic, options = list(alternative = side))
  add(paste0("rank_sum_", i), "wilcoxon.rank_sum", data, "p_value", found$p.value, "p", list(alternative = side))
  found <- wilcox.test(d[[1]], alternative = sides[[side]])
  add(paste0("signed_rank_", i), "wilcoxon.signed_rank", list(vec(d[[1]])), "statistic", found$statistic, options = list(alternative = side))
  add(paste0("signed_rank_", i), "wilcoxon.signed_rank", list(vec(d[[1]])), "p_value", found$p.value, "p", list(alternative = side))
}
for (i in seq_along(tied)) {
  d <- tied[[i]]; data <- list(vec(d[[1]]), vec(d[[2]]))
  for (side in names(sides)) {
    for (paired in c(FALSE, TRUE)) {
      test <- if (paired) "wilcoxon.signed_rank" else "wilcoxon.rank_sum"; name <- paste0("tied_", i)
      exact <- suppressWarnings(wilcox.exact(d[[1]], d[[2]], paired = paired, exact = TRUE, alternative = sides[[side]]))
      add(name, test, data, "p_value", exact$p.value, "p", list(alternative = side, method = "exact"))
      for (yes in c(TRUE, FALSE)) {
        normal <- suppressWarnings(wilcox.test(d[[1]], d[[2]], paired = paired, exact = FALSE, correct = yes, alternative = sides[[side]]))
        add(name, test, data, "p_value", normal$p.value, "p", list(alternative = side, method = "normal", is_corrected = yes))
      }
    }
  }
  e <- data.frame(y = c(d[[1]], d[[2]]), g = factor(rep(1:2, lengths(d))))
  add(paste0("tied_", i), "wilcoxon.rank_sum", data, "p_value", c(pvalue(wilcox_test(y ~ g, e, distribution = "exact"))), "p")
  pratt <- wilcoxsign_test(d[[1]] ~ d[[2]], distribution = "exact", zero.method = "Pratt")
  add(paste0("tied_", i), "wilcoxon.signed_rank", data, "p_value", c(pvalue(pratt)), "p", list(zeros = "pratt"))
  # Cliff's delta and its unbiased variance, from the matrix of all pairs.
  m <- sign(outer(d[[1]], d[[2]], "-")); n1 <- nrow(m); n2 <- ncol(m); delta <- mean(m)
  variance <- (n2^2 * sum((rowMeans(m) - delta)^2) + n1^2 * sum((colMeans(m) - delta)^2) - sum((m - delta)^2)) /
    (n1 * n2 * (n1 - 1) * (n2 - 1))
  add(paste0("tied_", i), "effect_size.cliffs_delta", data, "value", delta)
  add(paste0("tied_", i), "effect_size.cliffs_delta", data, "standard_error", sqrt(variance))
}

# Several groups ---------------------------------------------------------------------------------------------------
orders <- function(v) if (length(v) < 2) matrix(v, 1) else do.call(rbind, lapply(unique(v), function(x) {
  rest <- v[-match(x, v)]; cbind(x, orders(rest), deparse.level = 0)}))
for (i in 1:3) {
  g <- list(c(1, 1, 1, 2, 2, 2, 3, 3), c(1, 1, 2, 2, 2, 3, 3, 3, 3), c(1, 1, 1, 1, 2, 2, 2, 3))[[i]]
  y <- if (i == 2) sample(1:3, 9, TRUE) else sample(1:6, 8, TRUE)
  h <- function(g) kruskal.test(y, g)$statistic
  found <- kruskal.test(y, g); name <- paste0("kruskal_", i); data <- list(y, g)
  add(name, "kruskal.kruskal_wallis", data, "statistic", found$statistic)
  add(name, "kruskal.kruskal_wallis", data, "p_value", found$p.value, "p", list(method = "chi-square"))
  all <- orders(g); values <- apply(all, 1, h)
  add(name, "kruskal.kruskal_wallis", data, "p_value", mean(values >= found$statistic - 1e-9), "p", list(method = "exact"))
  t <- table(factor(y), g); k <- suppressWarnings(cor.test(y, g, method = "kendall", exact = FALSE))
  counts <- list(rows(unclass(t)))
  add(name, "trend.jonckheere_terpstra", counts, "extra.z", k$statistic)
  add(name, "trend.jonckheere_terpstra", counts, "p_value", k$p.value, "p", list(method = "chi-square"))
  j <- function(g) {p <- outer(g, g, "<"); sum(p * (outer(y, y, "<") + 0.5 * outer(y, y, "==")))}
  js <- apply(all, 1, j); middle <- mean(js)
  add(name, "trend.jonckheere_terpstra", counts, "extra.j", j(g))
  add(name, "trend.jonckheere_terpstra", counts, "p_value", mean(abs(js - middle) >= abs(j(g) - middle) - 1e-9), "p")
  u <- as.numeric(factor(y)); r <- apply(all, 1, function(g) cor(u, g))
  add(name, "trend.linear_by_linear", counts, "p_value", mean(abs(r) >= abs(cor(u, g)) - 1e-9), "p", list(method = "exact"))
}
for (i in seq_along(many)) {
  t <- as.table(many[[i]]); dimnames(t) <- list(a = seq_len(nrow(t)), b = seq_len(ncol(t)))
  found <- lbl_test(t)
  add(paste0("linear_", i), "trend.linear_by_linear", list(rows(many[[i]])), "statistic", c(statistic(found))^2, options = list(method = "chi-square"))
  add(paste0("linear_", i), "trend.linear_by_linear", list(rows(many[[i]])), "p_value", c(pvalue(found)), "p", list(method = "chi-square"))
}
for (case in list(list(c(2, 5, 9, 12), c(20, 22, 21, 20)), list(c(15, 10, 10), c(30, 40, 50)), list(c(83, 90, 129, 70), c(86, 93, 136, 82)))) {
  found <- prop.trend.test(case[[1]], case[[2]])
  add("armitage", "trend.cochran_armitage", case, "statistic", found$statistic)
  add("armitage", "trend.cochran_armitage", case, "p_value", found$p.value, "p")
  scores <- c(0, 1, 3, 7)[seq_along(case[[1]])]
  add("armitage_scores", "trend.cochran_armitage", case, "statistic", prop.trend.test(case[[1]], case[[2]], scores)$statistic, options = list(scores = scores))
  y <- unlist(mapply(function(x, n) rep(c(1, 0), c(x, n - x)), case[[1]], case[[2]], SIMPLIFY = FALSE)); g <- rep(seq_along(case[[1]]), case[[2]])
  exact <- independence_test(g ~ factor(y), distribution = "exact")
  add("armitage_exact", "trend.cochran_armitage", case, "p_value", c(pvalue(exact)), "p", list(method = "exact"))
}

# Blocks -----------------------------------------------------------------------------------------------------------
all_blocks <- function(m) {
  each <- lapply(seq_len(nrow(m)), function(i) {o <- as.matrix(expand.grid(rep(list(seq_len(ncol(m))), ncol(m)))); o <- o[apply(o, 1, anyDuplicated) == 0, ]
    matrix(m[i, o], ncol = ncol(m))})
  sums <- each[[1]]
  for (e in each[-1]) sums <- do.call(rbind, lapply(seq_len(nrow(e)), function(r) sweep(sums, 2, e[r, ], "+")))
  far <- rowSums((sums - rowMeans(sums))^2)
  mean(far >= sum((colSums(m) - mean(colSums(m)))^2) - 1e-9)
}
for (i in 1:4) {
  m <- if (i < 3) t(replicate(4 + i, sample(3))) else matrix(sample(1:4, 15, TRUE), 5)
  ranks <- t(apply(m, 1, rank)); found <- friedman.test(m); name <- paste0("friedman_", i)
  add(name, "blocks.friedman", list(rows(m)), "statistic", found$statistic)
  add(name, "blocks.friedman", list(rows(m)), "p_value", found$p.value, "p", list(method = "chi-square"))
  add(name, "blocks.friedman", list(rows(m)), "extra.w", unname(found$statistic) / (nrow(m) * (ncol(m) - 1)))
  add(name, "blocks.friedman", list(rows(m)), "p_value", all_blocks(ranks), "p", list(method = "exact"))
}
for (i in 1:3) {
  m <- matrix(rbinom(18, 1, rep(c(0.3, 0.6, 0.8), each = 6)), 6); found <- friedman.test(m); name <- paste0("cochran_", i)
  add(name, "blocks.cochran_q", list(rows(m)), "statistic", found$statistic)
  add(name, "blocks.cochran_q", list(rows(m)), "p_value", found$p.value, "p", list(method = "chi-square"))
  add(name, "blocks.cochran_q", list(rows(m)), "p_value", all_blocks(m), "p", list(method = "exact"))
}
result <- do.call(rbind, out)
write.csv(result, file.path("tests", "golden", "survey_statistics", "exact.csv"), row.names = FALSE, na = "")
cat(nrow(result), "cases\n")
