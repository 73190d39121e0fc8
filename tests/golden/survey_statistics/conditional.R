# Tables in layers under every design, and measures of tables made anew in every replicate.
# Run by hand: Rscript tests/golden/survey_statistics/conditional.R
source(file.path("tests", "golden", "survey_statistics", "harness.R"))

plain <- names(fromJSON(file.path(folder, "designs.json"), simplifyVector = FALSE))
has_zero_weights <- c("household_zero_weights", "hospital_unequal", "hospital_stratified")
# Parts of Mantel and Haenszel's measures as text, for the symbolic derivatives of svycontrast and for replicates.
part <- function(layers, term) paste(sprintf("%s/(%s)", sapply(layers, term), sapply(layers, all_of)), collapse = " + ")
cell <- function(k, i, j) sprintf("t%d%d_%d", i, j, k)
all_of <- function(k) paste(cell(k, 1, 1), cell(k, 1, 2), cell(k, 2, 1), cell(k, 2, 2), sep = " + ")
group_of <- function(k, j) sprintf("(%s + %s)", cell(k, 1, j), cell(k, 2, j))
measures_of <- function(layers) {
  ad <- part(layers, function(k) paste0(cell(k, 1, 1), "*", cell(k, 2, 2)))
  bc <- part(layers, function(k) paste0(cell(k, 1, 2), "*", cell(k, 2, 1)))
  above <- part(layers, function(k) paste0(cell(k, 2, 2), "*", group_of(k, 1)))
  below <- part(layers, function(k) paste0(cell(k, 2, 1), "*", group_of(k, 2)))
  sizes <- part(layers, function(k) paste0(group_of(k, 1), "*", group_of(k, 2)))
  list(odds_ratio = sprintf("(%s)/(%s)", ad, bc), risk_ratio = sprintf("(%s)/(%s)", above, below),
       risk_difference = sprintf("((%s) - (%s))/(%s)", above, below, sizes))
}
# Sum over layers of one cell less what is expected of the margins, over everybody.
departure <- function(layers, i, j, rows, columns) {
  everyone <- paste(outer(outer(seq_len(rows), seq_len(columns), function(a, b) paste(a, b)), layers, paste), collapse = "|")
  named <- function(k, is, js) paste(outer(is, js, function(a, b) cell(k, a, b)), collapse = " + ")
  each <- sapply(layers, function(k) sprintf("%s - (%s)*(%s)/(%s)", cell(k, i, j), named(k, i, seq_len(columns)),
    named(k, seq_len(rows), j), named(k, seq_len(rows), seq_len(columns))))
  whole <- paste(sapply(layers, function(k) named(k, seq_len(rows), seq_len(columns))), collapse = " + ")
  sprintf("(%s)/(%s)", paste(each, collapse = " + "), whole)
}
totals_of <- function(w, data, names) setNames(as.list(sapply(names, function(n) sum(w[data$cell_name == n]))), names)

estimated <- function(design, texts) {
  names <- unique(as.character(design$variables$cell_name))
  if (inherits(design, "svyrep.design")) {
    found <- withReplicates(design, function(w, data) {
      t <- totals_of(w, data, names)
      sapply(texts, function(text) eval(parse(text = text), t))
    })
    return(list(value = as.vector(coef(found)), V = as.matrix(vcov(found))))
  }
  totals <- svytotal(~factor(cell_name), design)
  names(totals) <- sub("^factor\\(cell_name\\)", "", names(coef(totals)))
  V <- vcov(totals); dimnames(V) <- list(names(totals), names(totals)); attr(totals, "var") <- V
  found <- svycontrast(totals, lapply(texts, function(text) parse(text = text)[[1]]))
  list(value = as.vector(coef(found)), V = as.matrix(vcov(found)))
}
prepared <- function(design, rows, columns, layers) {
  v <- design$variables
  known <- !is.na(v[[rows]]) & !is.na(v[[columns]]) & (if (is.null(layers)) TRUE else !is.na(v[[layers]]))
  number <- function(x) as.integer(factor(x))
  k <- if (is.null(layers)) rep(1L, nrow(v)) else number(ifelse(known, as.character(v[[layers]]), NA))
  design$variables$cell_name <- sprintf("t%d%d_%d", number(v[[rows]]), number(v[[columns]]), k)
  subset(design, known)
}
# anova.svyloglin that gives away the matrix of its design effects too.
compared <- survey:::anova.svyloglin
body(compared)[[length(body(compared))]] <- quote(return(c(rval, list(Delta = Delta))))
for (name in names(all_designs)) {
  design <- survey_of(name)
  if (inherits(design, "svyrep.design") && !name %in% plain) next
  df <- degf(design)
  d <- prepared(design, "sex", "member", "choice")
  seen <- table(d$variables$cell_name[weights(d, "sampling") > 0])
  layers <- Filter(function(k) all(sprintf("t%d%d_%d", c(1, 1, 2, 2), c(1, 2, 1, 2), k) %in% names(seen)), 1:9)
  every <- unique(as.integer(sub(".*_", "", names(seen))))
  if (length(layers) == length(every)) {
    found <- measures_of(layers)
    logs <- lapply(found[1:2], function(text) sprintf("log(%s)", text))
    e <- tryCatch(estimated(d, c(found, logs)), error = function(e) {cat(name, conditionMessage(e), "\n"); NULL})
    if (!is.null(e) && all(is.finite(diag(e$V)))) {
      for (i in 1:3) {
        arguments <- list(kind = names(found)[i], question = "sex", by = "member", layers = "choice")
        add("in common", name, "effect_size", arguments, "value", e$value[i])
        add("in common", name, "effect_size", arguments, "standard_error", sqrt(e$V[i, i]))
        if (i < 3 && !name %in% has_zero_weights) {
          half <- qt(0.975, degf(d) - 1) * sqrt(e$V[i + 3, i + 3])
          add("in common", name, "effect_size", arguments, "lower", exp(e$value[i + 3] - half))
        }
      }
    }
    small <- tryCatch(suppressWarnings(svyloglin(~(sex + member + choice)^2, design)), error = function(e) NULL)
    if (!is.null(small) && !name %in% has_zero_weights) {
      found <- suppressWarnings(compared(small, update(small, ~sex * member * choice)))
      arguments <- list(rows = "sex", columns = "member", layers = "choice")
      expected <- found$score$chisq / sum(found$a)
      # glm stops when the deviance moves by less than 1e-8 of itself: compared as closely as that allows.
      add("homogeneity", name, "table.homogeneity_test", arguments, "statistic", expected, kind = "p")
      # anova.svyloglin takes the squares of the elements for the trace of the square (tables-differences.csv).
      trace <- sum(diag(found$Delta)); df1 <- trace^2 / sum(diag(found$Delta %*% found$Delta))
      add("homogeneity", name, "table.homogeneity_test", arguments, "df_numerator", df1, kind = "p")
      add("homogeneity", name, "table.homogeneity_test", arguments, "p_value",
          pf(found$score$chisq / trace, df1, df1 * df, lower.tail = FALSE), kind = "p")
    }
  }
  # Two by two in layers, and three by five in layers: what is summed over layers, corrected as Rao and Scott do.
  for (pair in list(c("sex", "member", "choice"), c("choice", "member", "sex"))) {
    d <- prepared(design, pair[1], pair[2], pair[3])
    v <- d$variables[weights(d, "sampling") > 0, ]
    sizes <- c(length(levels(factor(v[[pair[1]]]))), length(levels(factor(v[[pair[2]]]))))
    cells <- expand.grid(i = seq_len(sizes[1]), j = seq_len(sizes[2]), k = seq_len(length(unique(v[[pair[3]]]))))
    if (!all(sprintf("t%d%d_%d", cells$i, cells$j, cells$k) %in% v$cell_name)) next
    if (any(!design$variables$cell_name %in% v$cell_name)) next
    where <- expand.grid(j = seq_len(sizes[2])[-1], i = seq_len(sizes[1])[-1])
    texts <- as.list(mapply(function(i, j) departure(unique(cells$k), i, j, sizes[1], sizes[2]), where$i, where$j))
    names(texts) <- paste0("g", seq_along(texts))
    e <- tryCatch(estimated(d, texts), error = function(e) {cat(name, conditionMessage(e), "\n"); NULL})
    if (is.null(e)) next
    w <- weights(d, "sampling"); t <- tapply(w, d$variables$cell_name, sum); p <- t / sum(t)
    simple <- 0
    for (k in unique(cells$k)) {
      m <- matrix(p[sprintf("t%d%d_%d", row(diag(sizes[1]) %*% matrix(0, sizes[1], sizes[2])),
                            col(matrix(0, sizes[1], sizes[2])), k)], sizes[1])
      r <- rowSums(m)[-1] / sum(m); c <- colSums(m)[-1] / sum(m)
      simple <- simple + sum(m) * kronecker(diag(r, length(r)) - outer(r, r), diag(c, length(c)) - outer(c, c))
    }
    jacobian <- sapply(texts, function(text) sapply(names(p), function(n) eval(D(parse(text = text)[[1]], n), as.list(p))))
    drawn <- t(jacobian) %*% (diag(as.vector(p)) - outer(as.vector(p), as.vector(p))) %*% jacobian / nrow(v)
    simple <- simple / nrow(v)
    effects <- Re(eigen(solve(drawn, e$V), only.values = TRUE)$values)
    f <- drop(e$value %*% solve(simple, e$value)) / sum(effects)
    df1 <- sum(effects)^2 / sum(effects^2)
    arguments <- list(rows = pair[1], columns = pair[2], layers = pair[3], kind = "CMH")
    add("common association", name, "independence_test", arguments, "statistic", f)
    add("common association", name, "independence_test", arguments, "df_numerator", df1)
    if (!name %in% has_zero_weights && !name %in% c("firm_srs", "firm_unweighted", "organisation_census"))
      add("common association", name, "independence_test", arguments, "p_value", pf(f, df1, df1 * df, lower.tail = FALSE), kind = "p")
  }
  # Measures of one table: in designs with replicates made anew in each.
  if (!inherits(design, "svyrep.design")) next
  d <- prepared(design, "sex", "member", NULL)
  a <- "t11_1"; b <- "t12_1"; c <- "t21_1"; e <- "t22_1"
  n <- sprintf("(%s + %s + %s + %s)", a, b, c, e)
  r1 <- sprintf("(%s/(%s + %s))", c, a, c); r2 <- sprintf("(%s/(%s + %s))", e, b, e)
  phi <- sprintf("((%s*%s - %s*%s)/sqrt((%s+%s)*(%s+%s)*(%s+%s)*(%s+%s)))", a, e, b, c, a, b, c, e, a, c, b, e)
  texts <- list(risk_difference = sprintf("%s - %s", r2, r1), risk_ratio = sprintf("%s/%s", r2, r1),
    odds_ratio = sprintf("(%s*%s)/(%s*%s)", a, e, b, c), phi = phi, cramers_v = sprintf("abs(%s)", phi),
    cohens_h = sprintf("2*(asin(sqrt(%s)) - asin(sqrt(%s)))", r2, r1),
    log_odds = sprintf("log((%s*%s)/(%s*%s))", a, e, b, c), z = sprintf("atanh(%s)", phi))
  found <- estimated(d, texts)
  for (i in 1:6) {
    arguments <- list(kind = names(texts)[i], question = "sex", by = "member")
    add("anew in replicates", name, "effect_size", arguments, "value", found$value[i])
    if (i != 5 || abs(found$value[5]) > 1e-6)
      add("anew in replicates", name, "effect_size", arguments, "standard_error", sqrt(found$V[i, i]))
  }
  half <- qt(0.975, degf(d) - 1) * sqrt(found$V[7, 7])
  add("anew in replicates", name, "effect_size", list(kind = "odds_ratio", question = "sex", by = "member"), "upper", exp(found$value[7] + half))
  half <- qt(0.975, degf(d) - 1) * sqrt(found$V[8, 8])
  add("anew in replicates", name, "effect_size", list(kind = "phi", question = "sex", by = "member"), "upper", tanh(found$value[8] + half))
  # Kappa by the covariance of the shares, which is what svykappa takes.
  rated <- subset(design, !is.na(item_1) & !is.na(item_2))
  rated <- update(rated, a = factor(item_1), b = factor(item_2))
  found <- svykappa(~a + b, rated)
  arguments <- list(kind = "kappa", question = "item_1", by = "item_2")
  add("kappa of shares", name, "effect_size", arguments, "value", coef(found))
  add("kappa of shares", name, "effect_size", arguments, "standard_error", SE(found))
  # Cramer's V of a larger table.
  d <- prepared(design, "choice", "group", NULL)
  v <- withReplicates(d, function(w, data) {
    t <- tapply(w, list(factor(data$choice), factor(data$group)), sum); t[is.na(t)] <- 0; p <- t / sum(t)
    expected <- outer(rowSums(p), colSums(p))
    sqrt((sum((p^2 / expected)[expected > 0]) - 1) / (min(dim(p)) - 1))
  })
  arguments <- list(kind = "cramers_v", question = "choice", by = "group")
  add("anew in replicates", name, "effect_size", arguments, "value", as.vector(coef(v)))
  add("anew in replicates", name, "effect_size", arguments, "standard_error", sqrt(as.vector(vcov(v))))
  # The probability that the second group has the higher answer, ties half.
  auc <- withReplicates(design, function(w, data) {
    ok <- !is.na(data$sex) & !is.na(data$hours); second <- as.integer(factor(data$sex[ok])) == 2
    x <- factor(data$hours[ok]); sums <- function(who) {s <- tapply(w[ok][who], x[who], sum); s[is.na(s)] <- 0; s}
    a <- sums(!second); b <- sums(second)
    sum(b * (cumsum(a) - a / 2)) / sum(a) / sum(b)
  })
  arguments <- list(kind = "auc", question = "hours", by = "sex")
  add("anew in replicates", name, "effect_size", arguments, "value", as.vector(coef(auc)))
  add("anew in replicates", name, "effect_size", arguments, "standard_error", sqrt(as.vector(vcov(auc))))
}
write_cases("conditional")
