# Change between two waves that have units in common, from R. Run from the project folder:
# Rscript tests/golden/survey_statistics/waves.R. Writes waves.csv beside this file: case, design, statistic, question,
# earlier and later (which rows answered: SQL over the row number i), field, expected.
# The later wave is made of the earlier one by `later_of`; the test makes it in the same way.
source(file.path("tests", "golden", "survey_statistics", "harness.R"))
options(survey.lonely.psu = "fail")
later_of <- function(d, i) {
  d$income <- d$income * 1.05 + (i * 37) %% 101 / 2
  swapped <- i %% 5 == 0
  d$member <- factor(ifelse(swapped, ifelse(d$member == "yes", "no", "yes"), as.character(d$member)), c("no", "yes"))
  d
}
rows_of <- function(data, keeps) {
  d <- sample_of(data); i <- seq_len(nrow(d)); d$i <- i
  d$all_the_same <- 1; later <- later_of(d, i); d$wave <- 1; later$wave <- 2
  list(d[keeps[[1]](i), ], later[keeps[[2]](i), ])
}
out <- list()
note <- function(case, design, statistic, question, earlier, later, field, expected) {
  out[[length(out) + 1]] <<- data.frame(case, design, statistic, question, earlier, later, field,
                                        expected = sprintf("%.17g", expected))
}
every <- function(i) i > 0
# Over totals of both waves in one call: svyby(covmat = TRUE) stops at missing answers of calibrated designs.
noted <- function(case, name, design, earlier = "true", later = "true") {
  v <- design$variables
  of <- function(y, wave) ifelse(is.na(y) | v$wave != wave, 0, y)
  told <- function(y, statistic, question) {
    d <- update(design, y1 = of(y, 1), n1 = of(y * 0 + 1, 1), y2 = of(y, 2), n2 = of(y * 0 + 1, 2))
    totals <- svytotal(~y1 + n1 + y2 + n2, d)
    found <- svycontrast(totals, if (statistic == "total") quote(y2 - y1) else quote(y2 / n2 - y1 / n1))
    note(case, name, statistic, question, earlier, later, "value", coef(found))
    note(case, name, statistic, question, earlier, later, "standard_error", SE(found))
  }
  told(v$income, "mean", "income")
  told(v$income, "total", "income")
  told(as.numeric(v$member == "yes"), "proportion", "member")
}
both <- function(data) do.call(rbind, rows_of(data, list(every, every)))
# The same units in both waves: one sample of them, with its finite population.
whole <- list(
  school_stratified = svydesign(~school, strata = ~kind, fpc = ~fpc, data = both("school")),
  organisation_census = svydesign(~organisation, fpc = ~fpc, data = both("organisation")),
  firm_srs = svydesign(~firm, fpc = ~fpc, data = both("firm")),
  pupil_two_stage = svydesign(~region + school, strata = ~part, fpc = ~n_region + n_school, weights = ~weight,
                              data = both("pupil"), nest = TRUE),
  pupil_three_stage = svydesign(~region + school + pupil, strata = ~part, fpc = ~n_region + n_school + n_pupil,
                                data = both("pupil"), nest = TRUE),
  village_clusters = svydesign(~village, fpc = ~fpc, data = both("village")),
  household_clusters = svydesign(~cluster, strata = ~stratum, weights = ~weight, data = both("household"), nest = TRUE))
for (name in names(whole)) noted("the same units", name, whole[[name]])
options(survey.lonely.psu = "adjust")
noted("lonely units compared with all", "household_lonely_adjust",
  svydesign(~cluster, strata = ~stratum_lonely, weights = ~weight, data = both("household"), nest = TRUE))
options(survey.lonely.psu = "fail")
# Calibrated wave by wave.
sizes <- function(design, groups) {
  p <- merge(groups, data.frame(wave = 1:2)); p
}
groups <- data.frame(group = c("A", "B", "C", "D", "E"), Freq = c(199, 141, 112, 101, 97))
noted("calibrated wave by wave", "school_post_stratified",
  postStratify(whole$school_stratified, ~group + wave, sizes(NULL, groups)))
groups$Freq <- c(238, 177, 137, 96, 92)
noted("calibrated wave by wave", "village_post_stratified",
  postStratify(whole$village_clusters, ~group + wave, sizes(NULL, groups)))
# Some units in both waves: by the formula, from the scores of single responses.
partly <- function(name, data, strata, earlier, later, keeps) {
  waves <- rows_of(data, keeps)
  for (statistic in c("mean", "total")) {
    scored <- lapply(waves, function(d) {
      h <- if (is.null(strata)) rep("all", nrow(d)) else as.character(d[[strata]])
      n <- table(h)[h]; w <- d$fpc / as.vector(n); known <- !is.na(d$income)
      y <- ifelse(known, d$income, 0)
      value <- if (statistic == "mean") sum(w * y) / sum(w[known]) else sum(w * y)
      z <- if (statistic == "mean") w * known * (y - value) / sum(w[known]) else w * y
      list(value = value, z = data.frame(i = d$i, h = h, z = z, N = d$fpc))
    })
    V <- lapply(scored, function(s) sum(sapply(split(s$z, s$z$h), function(p) (1 - nrow(p) / p$N[1]) * nrow(p) * var(p$z))))
    pairs <- merge(scored[[1]]$z, scored[[2]]$z, by = c("i", "h"))
    C <- if (!nrow(pairs)) 0 else sum(sapply(split(pairs, pairs$h), function(p) {
      n1 <- sum(scored[[1]]$z$h == p$h[1]); n2 <- sum(scored[[2]]$z$h == p$h[1]); N <- p$N.x[1]; c <- nrow(p)
      if (c < 2) return(0)
      most <- sqrt((1 - n1 / N) * n1 / (n1 - 1) * (1 - n2 / N) * n2 / (n2 - 1))
      k <- max(-most, min(most, (c - n1 * n2 / N) / (c - 1)))
      k * sum((p$z.x - mean(p$z.x)) * (p$z.y - mean(p$z.y)))
    }))
    note("some units in both", name, statistic, "income", earlier, later, "value", scored[[2]]$value - scored[[1]]$value)
    note("some units in both", name, statistic, "income", earlier, later, "standard_error", sqrt(V[[1]] + V[[2]] - 2 * C))
  }
}
partly("school_stratified", "school", "kind", "i % 4 <> 0", "i % 4 <> 1", list(function(i) i %% 4 != 0, function(i) i %% 4 != 1))
partly("firm_srs", "firm", NULL, "i <= 50", "i > 20", list(function(i) i <= 50, function(i) i > 20))
partly("firm_srs", "firm", NULL, "i <= 40", "i > 40", list(function(i) i <= 40, function(i) i > 40))
write.csv(do.call(rbind, out), file.path(folder, "waves.csv"), row.names = FALSE)
cat(length(out), "cases\n")
