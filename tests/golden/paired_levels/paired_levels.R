# Golden values for tests/unit/test_statistics_paired_levels.py.
# Run by hand from the project folder: Rscript tests/golden/paired_levels/paired_levels.R
# Writes table.csv (the input, one row per cell), test.csv (one row per test) and versions.csv beside this file.
# bowker: mcnemar.test without continuity correction, of the sub-table that has moves between all levels, or the formula
# where some pair of levels has none. stuart_maxwell: coin::mh_test. mcnemar_exact, sign: binom.test. bowker_exact and
# stuart_maxwell_exact: all outcomes listed here by expand.grid with dbinom, or coin where it can be exact.
# vision: Stuart, A. (1953), Biometrika 40, 105-110, unaided distance vision of 7477 women, right and left eye.

suppressPackageStartupMessages(library(coin))
folder <- file.path("tests", "golden", "paired_levels")
square <- function(...) { x <- c(...); matrix(x, sqrt(length(x)), byrow = TRUE) }
tables <- list(
  vision = square(1520, 266, 124, 66, 234, 1512, 432, 78, 117, 362, 1772, 205, 36, 82, 179, 492),
  levels = square(6, 3, 1, 1, 5, 3, 0, 1, 4),
  four_levels = square(5, 4, 1, 0, 1, 6, 3, 1, 0, 1, 4, 2, 0, 0, 1, 3),
  unused_level = square(5, 3, 0, 1, 4, 0, 0, 0, 2),
  two_levels = square(7, 8, 2, 5),
  one_way = square(3, 5, 0, 4),
  groups = square(3, 4, 0, 0, 1, 2, 0, 0, 0, 0, 3, 5, 0, 0, 1, 2))

cells <- list(); tests <- list()
add <- function(case, test, statistic = NA, df = NA, p = NA) {
  full <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
  tests[[length(tests) + 1]] <<- data.frame(case = case, test = test, statistic = full(statistic), df = full(df), p_value = full(p))
}
for (case in names(tables)) {
  m <- tables[[case]]; k <- nrow(m)
  cells[[case]] <- data.frame(case = case, row = as.vector(row(m)), column = as.vector(col(m)), n = as.vector(m))
  pairs <- which(upper.tri(m) & m + t(m) > 0, arr.ind = TRUE)
  total <- (m + t(m))[pairs]
  all_pairs <- nrow(pairs) == choose(k, 2)
  if (all_pairs) {
    b <- mcnemar.test(m, correct = FALSE)
    add(case, "bowker", b$statistic, b$parameter, b$p.value)
  } else {
    value <- sum((m[pairs] - t(m)[pairs])^2 / total)
    add(case, "bowker", value, nrow(pairs), pchisq(value, nrow(pairs), lower.tail = FALSE))
  }
  dimnames(m) <- list(before = letters[1:k], after = letters[1:k])
  mh <- mh_test(as.table(m))
  df <- if (k == 2) 1 else mh@statistic@df
  if (case != "groups") add(case, "stuart_maxwell", statistic(mh), df, pvalue(mh))
  if (prod(total + 1) <= 1e5) {
    grid <- as.matrix(expand.grid(lapply(total, function(n) 0:n)))
    chance <- apply(grid, 1, function(x) prod(dbinom(x, total, 0.5)))
    bowker <- function(x) sum((2 * x - total)^2 / total)
    margins <- function(x) {
      d <- numeric(k); v <- matrix(0, k, k)
      for (i in seq_along(total)) {
        e <- numeric(k); e[pairs[i, 1]] <- -1; e[pairs[i, 2]] <- 1
        d <- d + (2 * x[i] - total[i]) * e; v <- v + total[i] * tcrossprod(e)
      }
      drop(t(d) %*% MASS::ginv(v) %*% d)
    }
    for (name in c("bowker", "stuart_maxwell")) {
      f <- if (name == "bowker") bowker else margins
      seen <- f(m[pairs])
      add(case, paste0(name, "_exact"), seen, NA, sum(chance[apply(grid, 1, f) >= seen - 1e-9]))
    }
  }
  up <- sum(m[upper.tri(m)]); down <- sum(m[lower.tri(m)])
  add(case, "sign", up, down, binom.test(up, up + down)$p.value)
  step <- rep(as.vector(col(m) - row(m)), as.vector(m))
  add(case, "mean_change", mean(step), length(step), sd(step) / sqrt(length(step)))
  if (k == 2) {
    add(case, "mcnemar_exact", NA, NA, binom.test(m[1, 2], m[1, 2] + m[2, 1])$p.value)
    add(case, "coin_exact", NA, NA, as.numeric(pvalue(mh_test(as.table(m), distribution = "exact"))))
  }
}
write <- function(parts, file) write.csv(do.call(rbind, parts), file.path(folder, file), row.names = FALSE, quote = FALSE, na = "")
write(cells, "table.csv"); write(tests, "test.csv")
packages <- c("coin", "MASS")
write(list(data.frame(package = c("R", packages),
  version = c(paste(R.version$major, R.version$minor, sep = "."), sapply(packages, function(p) as.character(packageVersion(p)))))),
  "versions.csv")
