# Golden values for tests/unit/test_statistics_proportions.py. Run by hand: Rscript tests/golden/proportions.R
# Writes proportions.csv beside this file. Base R only; the tests read the CSV and never need R.
# wilson: prop.test without continuity correction. clopper_pearson: binom.test. hypergeometric: every K is tried and
# kept while both exact one-sided tests keep it (phyper), no bisection, so it checks the search of our function too.

cases <- read.table(header = TRUE, text = "
numerator base population
28 52 NA
14 52 NA
 9 52 NA
45 50 NA
 4 52 NA
 1  9 NA
 0 12 NA
12 12 NA
 7 19 23
 8 19 23
 3 19 23
 0 19 23
19 19 23
40 45 50
45 45 50
 0 45 50
 1  2  3
150 200 884
 0 12 40
")

rows <- list()
add <- function(method, k, n, N, lower, upper) {
  rows[[length(rows) + 1]] <<- data.frame(method = method, numerator = k, base = n, population = N,
                                          lower = sprintf("%.12f", lower), upper = sprintf("%.12f", upper))
}
for (i in seq_len(nrow(cases))) {
  k <- cases$numerator[i]; n <- cases$base[i]; N <- cases$population[i]
  w <- suppressWarnings(prop.test(k, n, correct = FALSE))$conf.int
  add("wilson", k, n, NA, w[1], w[2])
  b <- binom.test(k, n)$conf.int
  add("clopper_pearson", k, n, NA, b[1], b[2])
  if (!is.na(N)) {
    K <- k:(N - (n - k))
    at_least <- phyper(k - 1, K, N - K, n, lower.tail = FALSE)
    at_most <- phyper(k, K, N - K, n)
    add("hypergeometric", k, n, N, min(K[at_least > 0.025]), max(K[at_most > 0.025]))
  }
}
out <- unique(do.call(rbind, rows))
write.csv(out, file.path("tests", "golden", "proportions.csv"), row.names = FALSE, quote = FALSE, na = "")
