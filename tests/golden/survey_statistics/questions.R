# Golden values of questions with several answers: shares of respondents and of answers, scales, Cronbach's alpha with
# linearised and replicate standard errors, rankings. Run from the project folder.
source(file.path("tests", "golden", "survey_statistics", "harness.R"))
suppressPackageStartupMessages(library(psych))
names_of <- c("firm_unweighted", "firm_srs", "organisation_process", "school_stratified", "village_clusters", "pupil_two_stage",
              "household_clusters", "hospital_unequal", "household_jkn", "household_brr", "household_fay",
              "household_bootstrap")
ticks <- paste0("tick_", letters[1:5]); items <- paste0("item_", 1:5); ranks <- paste0("rank_", letters[1:4])
formula_of <- function(v) as.formula(paste("~", paste(v, collapse = "+")))
both <- function(case, design, call, arguments, value, error, ...) {
  add(case, design, call, arguments, "value", value, ...)
  add(case, design, call, arguments, "standard_error", error, ...)
}
# Statistics of several means: replicates of them where there are replicates, else the delta method.
means_of <- function(f, s) if (inherits(s, "svyrep.design")) svymean(f, s, return.replicates = TRUE) else svymean(f, s)
error_of <- function(x) suppressWarnings(c(SE(x)))
count <- 0
for (name in names_of) {
  d <- survey_of(name)
  count <- count + 1
  v <- d$variables
  # Ticks ----------------------------------------------------------------------------------------------------------
  d$variables$all_ticks <- rowSums(v[, ticks])
  s <- subset(d, !is.na(all_ticks))
  args <- list(question = ticks)
  found <- svymean(formula_of(c(ticks, "all_ticks")), s)
  for (t in ticks) both("multiple", name, "multiple", args, coef(found)[[t]], SE(found)[[match(t, names(coef(found)))]],
                        statistic = "proportion", category = t)
  both("multiple", name, "multiple", args, coef(found)[["all_ticks"]], SE(found)[[6]], statistic = "mean")
  for (t in ticks[1:3]) {
    found <- svyratio(formula_of(t), ~all_ticks, s)
    both("answers", name, "multiple", list(question = ticks, of = "answers"), c(coef(found)), c(SE(found)),
         statistic = "share of answers", category = t)
  }
  if (count <= 6) for (g in c("f", "m")) {
    part <- subset(s, sex == g)
    found <- svyratio(~tick_b, ~all_ticks, part)
    both("answers_by", name, "multiple", list(question = ticks, of = "answers", by = "sex"), c(coef(found)), c(SE(found)),
         statistic = "share of answers", category = "tick_b", domain = paste("sex =", g))
  }
  # A scale --------------------------------------------------------------------------------------------------------
  d$variables$top <- as.numeric(v$item_3 >= 4); d$variables$bottom <- as.numeric(v$item_3 <= 2)
  d$variables$net <- d$variables$top - d$variables$bottom
  found <- svymean(~top + bottom + net + item_3, subset(d, !is.na(item_3)))
  for (i in 1:4) both("likert", name, "likert", list(question = "item_3", points = 1:5), coef(found)[[i]], SE(found)[[i]],
                      statistic = c("top", "bottom", "net", "mean")[i])
  # Alpha: the value of svycralpha; its error by the delta method over means of items, squares and products ----------
  chosen <- items[1:4]; k <- 4
  d$variables$sum <- rowSums(v[, chosen]); s <- subset(d, !is.na(sum))
  for (i in chosen) {s$variables[[paste0(i, "_square")]] <- s$variables[[i]]^2; s$variables[[paste0(i, "_sum")]] <- s$variables[[i]] * s$variables$sum}
  found <- means_of(formula_of(c(chosen, paste0(chosen, "_square"), paste0(chosen, "_sum"))), s)
  variance <- paste0("(", paste0(chosen, "_square-", chosen, "^2", collapse = "+"), ")")
  total <- paste0("(", paste0(chosen, "_sum", collapse = "+"), "-(", paste(chosen, collapse = "+"), ")^2)")
  alpha <- svycontrast(found, parse(text = paste0("quote(", k / (k - 1), "*(1-", variance, "/", total, "))"))[[1]][[2]])
  stopifnot(abs(coef(alpha) - c(svycralpha(formula_of(chosen), s))) < 1e-8)
  both("alpha", name, "alpha", list(questions = chosen), c(coef(alpha)), error_of(alpha), statistic = "alpha")
  rest <- paste0("((item_2_sum-item_2*(", paste(chosen, collapse = "+"), "))-(item_2_square-item_2^2))")
  spread <- paste0("(", total, "-2*", rest, "-(item_2_square-item_2^2))")
  correlation <- paste0(rest, "/sqrt((item_2_square-item_2^2)*", spread, ")")
  correlation <- svycontrast(found, parse(text = correlation)[[1]])
  both("item_rest", name, "alpha", list(questions = chosen), c(coef(correlation)), error_of(correlation),
       statistic = "item-rest correlation", category = "item_2")
  # A ranking ------------------------------------------------------------------------------------------------------
  ranked <- rowSums(!is.na(v[, ranks])) > 0
  d$variables$first <- ifelse(is.na(v$rank_b), 0, v$rank_b == 1); d$variables$two <- ifelse(is.na(v$rank_b), 0, v$rank_b <= 2)
  d$variables$points <- ifelse(is.na(v$rank_b), 0, 5 - v$rank_b)
  found <- svymean(~first + two + points, subset(d, ranked))
  for (i in 1:3) both("ranking", name, "ranking", list(question = ranks), coef(found)[[i]], SE(found)[[i]], category = "rank_b",
                      statistic = c("first place", "among the first 2", "Borda score")[i])
  its <- subset(d, !is.na(rank_b)); found <- svymean(~rank_b, its)
  both("ranking", name, "ranking", list(question = ranks), coef(found), c(SE(found)), category = "rank_b", statistic = "mean rank")
  limits <- confint(found, df = degf(its))
  add("ranking", name, "ranking", list(question = ranks), "lower", limits[1], category = "rank_b", statistic = "mean rank")
  complete <- rowSums(is.na(v[, ranks])) == 0
  mids <- t(apply(v[, ranks], 1, function(r) if (anyNA(r)) rep(NA, 4) else rank(r)))
  for (j in 1:4) d$variables[[paste0("mid_", j)]] <- mids[, j]
  d$variables$inside <- rowSums((mids - 2.5)^2)
  found <- means_of(~mid_1 + mid_2 + mid_3 + mid_4 + inside, subset(d, complete))
  w <- svycontrast(found, quote(((mid_1 - 2.5)^2 + (mid_2 - 2.5)^2 + (mid_3 - 2.5)^2 + (mid_4 - 2.5)^2) / inside))
  both("concordance", name, "ranking", list(question = ranks), c(coef(w)), error_of(w), statistic = "Kendall W")
}
# Alpha of unweighted samples, against psych ---------------------------------------------------------------------------
v <- sample_of("firm"); args <- list(questions = items)
for (chosen in list(items[1:4], items)) {
  whole <- na.omit(v[, chosen]); found <- suppressWarnings(psych::alpha(whole, warnings = FALSE, check.keys = FALSE))
  args <- list(questions = chosen)
  add("psych", "firm_unweighted", "alpha", args, "value", found$total$raw_alpha, statistic = "alpha")
  add("psych", "firm_unweighted", "alpha", args, "value", found$total$std.alpha, statistic = "standardised alpha")
  for (i in chosen) {
    add("psych", "firm_unweighted", "alpha", args, "value", found$item.stats[i, "r.drop"], statistic = "item-rest correlation", category = i)
    add("psych", "firm_unweighted", "alpha", args, "value", found$alpha.drop[i, "raw_alpha"], statistic = "alpha without item", category = i)
  }
  n <- nrow(whole); k <- length(chosen); a <- found$total$raw_alpha
  add("feldt", "firm_unweighted", "alpha", args, "lower", 1 - (1 - a) * qf(0.975, n - 1, (n - 1) * (k - 1)), statistic = "alpha")
  add("feldt", "firm_unweighted", "alpha", args, "upper", 1 - (1 - a) * qf(0.025, n - 1, (n - 1) * (k - 1)), statistic = "alpha")
  half <- qnorm(0.975) * sqrt(2 * k / ((k - 1) * (n - 2)))
  add("bonett", "firm_unweighted", "alpha", c(args, interval = "bonett"), "lower", 1 - (1 - a) * exp(half), statistic = "alpha")
}
write_cases("questions")
