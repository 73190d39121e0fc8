# The samples that the golden comparisons of the survey statistics are made on, and the designs they are read with.
# Run by hand from the project folder: Rscript tests/golden/survey_statistics/data.R
# Writes one CSV per sample and designs.json beside this file. All of it is invented: no firm, school, village or person
# stands behind a row, and no data of an R package is copied.
#
# Every sample answers the same questionnaire (see `answers`), so that any estimator can be tried under any design:
#   group      5 domains A..E          sex        2 domains f, m, a few not answered
#   choice     4 categories, one rare, one that nobody of group E chose; some not answered
#   member     yes or no, some not answered         trained    0 or 1
#   item_1..5  Likert items 1..5, the last reversed, some not answered
#   tick_a..e  ticks 0 or 1 of a multiple choice, all empty where it was not answered
#   rank_a..d  ranks 1..4 of a ranking, ties impossible, unranked options empty
#   income     positive and skewed     hours      a number with missing answers     visits  a small count with many ties
suppressPackageStartupMessages({library(survey); library(jsonlite)})
RNGversion("4.0.0")
folder <- file.path("tests", "golden", "survey_statistics")

answers <- function(effect) {
  n <- length(effect)
  hidden <- function(x, share) ifelse(runif(n) < share, NA, x)
  d <- data.frame(group = sample(LETTERS[1:5], n, TRUE, c(0.3, 0.25, 0.2, 0.15, 0.1)))
  d$sex <- hidden(sample(c("f", "m"), n, TRUE), 0.03)
  level <- effect + rnorm(n)
  choice <- cut(level + 0.3 * (d$group == "A") + rnorm(n, 0, 0.7), c(-Inf, -0.6, 0.5, 1.9, Inf),
                labels = c("never", "sometimes", "often", "daily"))
  d$choice <- as.character(choice)
  d$choice[d$group == "E" & d$choice == "daily"] <- "often"
  d$choice <- hidden(d$choice, 0.06)
  d$member <- hidden(ifelse(runif(n) < plogis(level - 0.4), "yes", "no"), 0.08)
  d$trained <- as.integer(runif(n) < plogis(0.8 * level))
  for (i in 1:5) {
    score <- as.integer(cut(0.8 * level + rnorm(n, 0, 0.9), c(-Inf, -1.2, -0.4, 0.4, 1.2, Inf)))
    d[[paste0("item_", i)]] <- hidden(if (i == 5) 6L - score else score, 0.02)
  }
  skipped <- runif(n) < 0.05
  for (option in letters[1:5]) {
    ticked <- as.integer(runif(n) < plogis(level - match(option, letters) / 2 + 0.7))
    d[[paste0("tick_", option)]] <- ifelse(skipped, NA, ticked)
  }
  ranks <- t(apply(matrix(rnorm(4 * n), n) + rep(c(0.6, 0.2, 0, -0.4), each = n), 1, function(x) rank(-x)))
  ranked <- sample(c(0, 2, 4), n, TRUE, c(0.05, 0.2, 0.75))
  for (i in 1:4) d[[paste0("rank_", letters[i])]] <- ifelse(ranks[, i] <= ranked, as.integer(ranks[, i]), NA)
  d$income <- round(exp(7 + 0.5 * level + rnorm(n, 0, 0.4)), 2)
  d$hours <- hidden(round(35 + 6 * level + rnorm(n, 0, 4), 1), 0.07)
  d$visits <- rpois(n, exp(0.4 + 0.3 * level))
  d
}
shortest <- function(values) {
  x <- ifelse(is.na(values), 0, values)
  text <- sprintf("%.17g", x)
  for (digits in 16:15) {
    shorter <- sprintf(paste0("%.", digits, "g"), x)
    text <- ifelse(as.numeric(shorter) == x, shorter, text)
  }
  ifelse(is.na(values), NA, text)
}
save_sample <- function(name, d) {
  for (column in names(d)) if (is.double(d[[column]])) d[[column]] <- shortest(d[[column]])
  write.csv(d, file.path(folder, paste0(name, ".csv")), row.names = FALSE, quote = FALSE, na = "")
}

# A simple random sample: 80 firms of 500.
set.seed(101)
firm <- cbind(firm = 1:80, fpc = 500, weight = 500 / 80, answers(rnorm(80, 0, 0.3)))
save_sample("firm", firm)

# A listing that almost everybody answered: 45 of 50 organisations.
set.seed(102)
organisation <- cbind(organisation = 1:45, fpc = 50, weight = 50 / 45, answers(rnorm(45, 0, 0.3)))
organisation$partner <- c(rep("yes", 43), rep("no", 2))
organisation$exporter <- c("yes", rep("no", 44))
save_sample("organisation", organisation)

# Stratified: 130 schools of four kinds, the last taken whole; one kind more with a single school in `kind_lonely`.
set.seed(103)
kind <- rep(c("primary", "middle", "upper", "special"), c(60, 40, 22, 8))
there <- c(primary = 420, middle = 180, upper = 61, special = 8)
school <- data.frame(school = 1:130, kind, kind_lonely = kind, fpc = there[kind], stringsAsFactors = FALSE)
school$kind_lonely[130] <- "single"
school$share <- as.vector(table(kind)[kind]) / school$fpc
school$weight <- school$fpc / as.vector(table(kind)[kind])
school <- cbind(school, answers(c(primary = -0.2, middle = 0, upper = 0.4, special = 0.8)[kind] + rnorm(130, 0, 0.2)))
save_sample("school", school)

# One-stage clusters: all households of 18 of 90 villages; two villages have one household.
set.seed(104)
size <- c(1, 1, sample(4:14, 16, TRUE))
village <- data.frame(village = rep(sample(100:999, 18), size), fpc = 90, weight = 5)
village <- cbind(village, answers(rnorm(18, 0, 0.5)[rep(1:18, size)]))
save_sample("village", village)

# Three stages with strata and populations at each: regions of a country, schools of a region, pupils of a school.
# School and pupil numbers start again in every region; two regions per part of the country are taken of several.
set.seed(105)
rows <- list()
for (part in 1:4) for (region in 1:3) {
  schools <- sample(2:4, 1)
  for (s in seq_len(schools)) {
    pupils <- sample(3:6, 1)
    rows[[length(rows) + 1]] <- data.frame(
      part = c("north", "east", "south", "west")[part], region, school = s, pupil = seq_len(pupils),
      n_region = c(9, 12, 7, 3)[part], n_school = schools + c(0, 3, 8)[region], n_pupil = pupils + 10 * s,
      share_region = 3 / c(9, 12, 7, 3)[part], share_school = schools / (schools + c(0, 3, 8)[region]),
      share_pupil = pupils / (pupils + 10 * s), area = ifelse(s == 1, "town", "land"))
  }
}
pupil <- do.call(rbind, rows)
pupil$weight <- 1 / (pupil$share_region * pupil$share_school * pupil$share_pupil)
pupil$weight_unequal <- pupil$weight * runif(nrow(pupil), 0.7, 1.5)
pupil <- cbind(pupil, answers(rnorm(nrow(pupil), 0, 0.3) + 0.3 * (pupil$part == "north")))
save_sample("pupil", pupil)

# Stratified clusters with unequal weights, two clusters per stratum; cluster numbers start again in every stratum. With
# replicate weights that R made of this design.
set.seed(106)
size <- sample(5:14, 24, TRUE)
household <- data.frame(stratum = rep(rep(1:12, each = 2), size), cluster = rep(rep(1:2, 12), size))
household$weight <- round(runif(nrow(household), 20, 90) * rep(runif(24, 0.6, 1.7), size), 3)
household$person <- paste0("p", seq_len(nrow(household)))
household <- cbind(household, answers(rnorm(24, 0, 0.5)[rep(1:24, size)]))
household$weight_zero <- ifelse(household$group == "D" | household$stratum == 3, 0, household$weight)
household$stratum_lonely <- ifelse(household$stratum == 12, 11 + household$cluster, household$stratum)
base <- svydesign(~cluster, strata = ~stratum, weights = ~weight, data = household, nest = TRUE)
columns <- list()
set.seed(107)
for (method in c("JKn", "BRR", "Fay", "bootstrap", "subbootstrap")) {
  made <- if (method == "Fay") as.svrepdesign(base, "Fay", fay.rho = 0.3)
          else if (grepl("boot", method)) as.svrepdesign(base, method, replicates = 20) else as.svrepdesign(base, method)
  factor_only <- as.matrix(weights(made, "replication"))
  if (is.null(dim(factor_only))) factor_only <- matrix(factor_only, nrow(household))
  columns[[method]] <- paste0(tolower(method), "_", seq_len(ncol(factor_only)))
  combined <- method == "BRR"
  household[columns[[method]]] <- if (combined) factor_only * household$weight else factor_only
}
one_stratum <- as.svrepdesign(svydesign(~interaction(stratum, cluster), weights = ~weight, data = household), "JK1")
columns$JK1 <- paste0("jk1_", 1:24)
household[columns$JK1] <- as.matrix(weights(one_stratum, "replication"))
# Successive differences (Fay and Train 1995): rows of a Hadamard matrix of 16, two per cluster in the order of listing.
hadamard16 <- 2 * survey:::hadamard(15) - 1
place <- as.integer(interaction(household$stratum, household$cluster, drop = TRUE, lex.order = TRUE))
columns$SDR <- paste0("sdr_", 1:16)
household[columns$SDR] <- household$weight * (1 + 2^-1.5 * hadamard16[(place - 1) %% 15 + 1, ] -
                                                2^-1.5 * hadamard16[place %% 15 + 1, ])
save_sample("household", household)

# A second wave two years later: 60 % of the same people, the others new, with the clusters of the first wave.
set.seed(108)
again <- household[sample(nrow(household), round(0.6 * nrow(household))), c("stratum", "cluster", "weight", "person")]
fresh <- household[sample(nrow(household), round(0.4 * nrow(household))), c("stratum", "cluster", "weight")]
fresh$person <- paste0("q", seq_len(nrow(fresh)))
later <- rbind(again, fresh)
later <- later[order(later$stratum, later$cluster, later$person), ]
later$weight <- round(later$weight * runif(nrow(later), 0.8, 1.3), 3)
later <- cbind(later, answers(rnorm(nrow(later), 0.2, 0.4)))
same <- match(later$person, household$person)
later$hours <- ifelse(is.na(same), later$hours, round(0.6 * household$hours[same] + 0.4 * later$hours + 1, 1))
save_sample("household_later", later)

# Unequal probabilities: 60 hospitals in three strata, weights from below 1.5 to 40; five with a weight of zero.
set.seed(109)
beds <- round(exp(rnorm(60, 5, 0.9)))
hospital <- data.frame(hospital = 1:60, owner = rep(c("city", "church", "private"), c(30, 20, 10)), beds,
                       weight = round(pmax(1.2, 2500 / beds), 4))
hospital$weight[c(3, 17, 33, 44, 58)] <- 0
hospital <- cbind(hospital, answers(0.3 * scale(log(beds))[, 1]))
save_sample("hospital", hospital)

# Unequal probabilities without replacement: 6 of the 10 farms of each of four strata, drawn by conditional Poisson
# sampling, whose 210 possible samples give the probabilities of farms and of pairs of farms exactly; both farms of a
# fifth stratum. joint_k belongs to the k-th farm of the stratum.
set.seed(110)
rows <- list()
for (s in 1:5) {
  there <- if (s == 5) 2 else 10
  n <- if (s == 5) 2 else 6
  acres <- round(exp(rnorm(there, 4, 0.7)), 1)
  samples <- combn(there, n)
  chance <- apply(samples, 2, function(drawn) prod(acres[drawn]))
  chance <- chance / sum(chance)
  together <- matrix(0, there, there)
  for (k in seq_along(chance)) {
    drawn <- samples[, k]
    together[drawn, drawn] <- together[drawn, drawn] + chance[k]
  }
  drawn <- samples[, sample(length(chance), 1, prob = chance)]
  joint <- matrix(NA, n, 6)
  joint[, 1:n] <- together[drawn, drawn]
  colnames(joint) <- paste0("joint_", 1:6)
  rows[[s]] <- data.frame(stratum = s, acres = acres[drawn], p = diag(together)[drawn],
                          mean_square = sum(diag(together)^2) / n, joint)
}
farm <- do.call(rbind, rows)
farm <- cbind(farm = seq_len(nrow(farm)), farm)
farm$weight <- 1 / farm$p
farm$stratum_lonely <- ifelse(farm$farm == 24, 6, farm$stratum)
farm <- cbind(farm, answers(0.4 * scale(log(farm$acres))[, 1]))
save_sample("farm", farm)

# Two stages: villages of three regions with unequal probabilities, their numbers starting again in every region;
# households of the two parts of a village by shares of the part, or with unequal probabilities. One household stands
# alone in its part of a village.
set.seed(111)
rows <- list()
for (region in 1:3) for (village in 1:(3 + region)) {
  size <- c(sample(3:5, 1), sample(2:4, 1))
  if (region == 2 && village == 3) size[2] <- 1
  rows[[length(rows) + 1]] <- data.frame(
    region, village, p_village = round(runif(1, 0.15, 0.8), 4), share_village = c(0.5, 0.4, 0.25)[region],
    part = rep(c("centre", "edge"), size), share_household = rep(size / (size + c(4, 7)), size),
    p_household = round(runif(sum(size), 0.2, 0.9), 4))
}
parish <- do.call(rbind, rows)
# Numbers that sort as texts in the order of the file: survey:::onestrat takes the corrections of units in that order and
# their sums in the order of their names.
parish <- cbind(household = 100 + seq_len(nrow(parish)), parish)
parish$weight <- 1 / (parish$share_village * parish$share_household)
parish <- cbind(parish, answers(rnorm(nrow(parish), 0, 0.5)))
save_sample("parish", parish)

stage <- function(units = NULL, strata = NULL, population = NULL, inclusion = NULL) {
  parts <- list(units = units, strata = strata, population = population, inclusion = inclusion)
  parts[!sapply(parts, is.null)]
}
design <- function(data, r, ..., stages = list(setNames(list(), character(0)))) {
  list(data = data, r = r, design = c(list(...), list(stages = stages)))
}
repeated <- function(method, r, ...) {
  list(data = "household", r = r, design = list(weights = "weight", replicates = list(
    columns = I(columns[[method]]), method = method, ...)))
}
of <- function(method) sprintf("d[c(%s)]", paste0("'", columns[[method]], "'", collapse = ","))
jkn_scales <- rep(0.5, 24)
designs <- list(
  firm_no_fpc = design("firm", "svydesign(~1, weights=~weight, data=d)", weights = "weight"),
  firm_srs = design("firm", "svydesign(~1, fpc=~fpc, data=d)", stages = list(stage(population = "fpc"))),
  firm_unweighted = design("firm", "svydesign(~1, weights=~1, data=d)"),
  organisation_census = design("organisation", "svydesign(~1, fpc=~fpc, data=d)",
                               stages = list(stage(population = "fpc"))),
  organisation_process = design("organisation", "svydesign(~1, weights=~weight, data=d)", weights = "weight",
                                inference = "process", stages = list(stage(population = "fpc"))),
  school_stratified = design("school", "svydesign(~1, strata=~kind, fpc=~fpc, data=d)",
                             stages = list(stage(strata = "kind", population = "fpc"))),
  school_share = design("school", "svydesign(~1, strata=~kind, fpc=~share, weights=~weight, data=d)",
                        weights = "weight", stages = list(stage(strata = "kind", population = "share"))),
  school_no_fpc = design("school", "svydesign(~1, strata=~kind, weights=~weight, data=d)", weights = "weight",
                         stages = list(stage(strata = "kind"))),
  village_clusters = design("village", "svydesign(~village, fpc=~fpc, data=d)",
                            stages = list(stage("village", population = "fpc"))),
  village_no_fpc = design("village", "svydesign(~village, weights=~weight, data=d)", weights = "weight",
                          stages = list(stage("village"))),
  pupil_two_stage = design("pupil",
    "svydesign(~region+school, strata=~part, fpc=~n_region+n_school, weights=~weight, data=d, nest=TRUE)",
    weights = "weight",
    stages = list(stage("region", "part", "n_region"), stage("school", population = "n_school"))),
  pupil_three_stage = design("pupil",
    "svydesign(~region+school+pupil, strata=~part, fpc=~n_region+n_school+n_pupil, data=d, nest=TRUE)",
    stages = list(stage("region", "part", "n_region"), stage("school", population = "n_school"),
                  stage(population = "n_pupil"))),
  pupil_shares = design("pupil",
    "svydesign(~region+school+pupil, strata=~part, fpc=~share_region+share_school+share_pupil, data=d, nest=TRUE)",
    stages = list(stage("region", "part", "share_region"), stage("school", population = "share_school"),
                  stage(population = "share_pupil"))),
  pupil_first_stage_fpc = design("pupil",
    "svydesign(~region, strata=~part, fpc=~n_region, weights=~weight_unequal, data=d, nest=TRUE)",
    weights = "weight_unequal", stages = list(stage("region", "part", "n_region"))),
  household_clusters = design("household",
    "svydesign(~cluster, strata=~stratum, weights=~weight, data=d, nest=TRUE)", weights = "weight",
    stages = list(stage("cluster", "stratum"))),
  household_zero_weights = design("household",
    "svydesign(~cluster, strata=~stratum, weights=~weight_zero, data=d, nest=TRUE)", weights = "weight_zero",
    stages = list(stage("cluster", "stratum"))),
  household_later = design("household_later",
    "svydesign(~cluster, strata=~stratum, weights=~weight, data=d, nest=TRUE)", weights = "weight",
    stages = list(stage("cluster", "stratum"))),
  hospital_unequal = design("hospital", "svydesign(~1, weights=~weight, data=d)", weights = "weight"),
  hospital_stratified = design("hospital", "svydesign(~1, strata=~owner, weights=~weight, data=d)",
                               weights = "weight", stages = list(stage(strata = "owner"))),
  household_jk1 = repeated("JK1",
    sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='JK1', combined.weights=FALSE, scale=23/24)",
            of("JK1")), combined = FALSE, scale = 23 / 24),
  household_jkn = repeated("JKn",
    sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='JKn', combined.weights=FALSE, scale=1, %s)",
            of("JKn"), "rscales=rep(0.5, 24)"), combined = FALSE, scale = 1, rscales = jkn_scales),
  household_brr = repeated("BRR",
    sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='BRR', combined.weights=TRUE)", of("BRR"))),
  household_brr_mse = repeated("BRR",
    sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='BRR', combined.weights=TRUE, mse=TRUE)",
            of("BRR")), mse = TRUE),
  household_fay = repeated("Fay",
    sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='Fay', rho=0.3, combined.weights=FALSE)",
            of("Fay")), combined = FALSE, rho = 0.3),
  household_bootstrap = repeated("bootstrap",
    sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='bootstrap', combined.weights=FALSE)",
            of("bootstrap")), combined = FALSE),
  household_subbootstrap = repeated("subbootstrap",
    sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='bootstrap', combined.weights=FALSE)",
            of("subbootstrap")), combined = FALSE),
  household_sdr = repeated("SDR",
    sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='successive-difference')", of("SDR"))))
for (rule in c("remove", "certainty", "adjust", "average")) {
  designs[[paste0("school_lonely_", rule)]] <- design("school",
    "svydesign(~1, strata=~kind_lonely, weights=~weight, data=d)", weights = "weight", lonely_psu = rule,
    stages = list(stage(strata = "kind_lonely")))
  designs[[paste0("household_lonely_", rule)]] <- design("household",
    "svydesign(~cluster, strata=~stratum_lonely, weights=~weight, data=d, nest=TRUE)", weights = "weight",
    lonely_psu = rule, stages = list(stage("cluster", "stratum_lonely")))
}
for (rule in c("adjust", "average")) {
  designs[[paste0("household_domain_lonely_", rule)]] <- design("household",
    "svydesign(~cluster, strata=~stratum, weights=~weight, data=d, nest=TRUE)", weights = "weight",
    lonely_psu = rule, adjust_domain_lonely = TRUE, stages = list(stage("cluster", "stratum")))
}
designs$pupil_strata_below <- design("pupil",
  "svydesign(~region+school, strata=~part+area, fpc=~n_region+n_school, weights=~weight, data=d, nest=TRUE)",
  weights = "weight", lonely_psu = "adjust",
  stages = list(stage("region", "part", "n_region"), stage("school", "area", "n_school")))
for (rule in c("remove", "certainty", "adjust", "average")) {
  designs[[paste0("parish_lonely_", rule)]] <- design("parish",
    "svydesign(~village+household, strata=~region+part, fpc=~share_village+share_household, data=d, nest=TRUE)",
    lonely_psu = rule,
    stages = list(stage("village", "region", "share_village"), stage("household", "part", "share_household")))
}
for (rule in c("adjust", "average")) {
  designs[[paste0("parish_domain_lonely_", rule)]] <- design("parish",
    "svydesign(~village+household, strata=~region+part, fpc=~share_village+share_household, data=d, nest=TRUE)",
    lonely_psu = rule, adjust_domain_lonely = TRUE,
    stages = list(stage("village", "region", "share_village"), stage("household", "part", "share_household")))
}
uneven <- seq(0.3, 0.76, by = 0.02)
designs$household_jkn_uneven <- repeated("JKn",
  sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='JKn', combined.weights=FALSE, %s, mse=TRUE)",
          of("JKn"), "rscales=seq(0.3, 0.76, by=0.02)"), combined = FALSE, rscales = uneven, mse = TRUE)
designs$household_jkn_fpc <- repeated("JKn",
  sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='JKn', combined.weights=FALSE, %s)",
          of("JKn"), "rscales=rep(0.5, 24), fpc=seq(0, 0.46, by=0.02), fpctype='fraction'"),
  combined = FALSE, rscales = 0.5 * (1 - seq(0, 0.46, by = 0.02)))
designs$household_other <- repeated("JKn",
  sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='other', combined.weights=FALSE, scale=0.9, %s)",
          of("JKn"), "rscales=seq(0.3, 0.76, by=0.02)"), combined = FALSE, scale = 0.9, rscales = uneven)
designs$household_other$design$replicates$method <- "other"
designs$household_bootstrap_mse <- repeated("bootstrap",
  sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='bootstrap', combined.weights=FALSE, mse=TRUE)",
          of("bootstrap")), combined = FALSE, mse = TRUE)
designs$household_jk2 <- repeated("JKn",
  sprintf("svrepdesign(data=d, repweights=%s, weights=~weight, type='JK2', combined.weights=FALSE)", of("JKn")),
  combined = FALSE)
designs$household_jk2$design$replicates$method <- "JK2"
write_json(designs, file.path(folder, "designs.json"), auto_unbox = TRUE, pretty = TRUE, digits = NA)

# Designs with unequal probabilities without replacement, for pps.R. `joint_of` of harness.R makes R's matrix.
unequal <- function(r, ..., method = "brewer", strata = "stratum", rule = "fail") {
  design("farm", r, lonely_psu = rule,
         stages = list(stage(strata = strata, inclusion = list(probability = "p", method = method, ...))))
}
drawn_by <- function(pps, strata = "stratum") sprintf("svydesign(~1, strata=~%s, fpc=~p, data=d, pps=%s)", strata, pps)
one_joint <- I(paste0("joint_", 1:6))
pps <- list(
  farm_brewer = unequal(drawn_by("'brewer'")),
  farm_overton = unequal(drawn_by("'overton'"), method = "overton"),
  farm_overton_yg = unequal(drawn_by("'overton', variance='YG'"), method = "overton", variance = "YG"),
  farm_hr = unequal(drawn_by("HR()"), method = "hartley_rao"),
  farm_hr_yg = unequal(drawn_by("HR(d['mean_square'], d['stratum']), variance='YG'"), method = "hartley_rao",
                       variance = "YG", mean_square = "mean_square"),
  farm_hr_known = unequal(drawn_by("HR(d['mean_square'], d['stratum'])"), method = "hartley_rao",
                          mean_square = "mean_square"),
  farm_poisson = unequal("svydesign(~1, fpc=~p, data=d, pps=poisson_sampling(d$p))", method = "poisson",
                         strata = NULL),
  farm_joint = unequal(drawn_by("ppsmat(joint_of(d), tolerance=0)"), method = "joint", joint = one_joint),
  farm_joint_yg = unequal(drawn_by("ppsmat(joint_of(d), tolerance=0), variance='YG'"), method = "joint",
                          variance = "YG", joint = one_joint))
for (rule in c("remove", "adjust", "average")) {
  pps[[paste0("farm_lonely_", rule)]] <- unequal(drawn_by("'brewer'", "stratum_lonely"), strata = "stratum_lonely",
                                                 rule = rule)
}
pps$farm_overton_lonely <- unequal(drawn_by("'overton'", "stratum_lonely"), method = "overton",
                                   strata = "stratum_lonely", rule = "adjust")
in_parish <- function(fpc, below, ..., first = stage("village", "region", inclusion = list(probability = "p_village")),
                      strata = "~region+part") {
  design("parish", sprintf("svydesign(~village+household, strata=%s, fpc=%s, data=d, nest=TRUE, pps='brewer')",
                           strata, fpc), lonely_psu = "adjust", stages = list(first, below))
}
pps$parish_brewer_shares <- in_parish("~p_village+share_household",
                                      stage("household", "part", population = "share_household"))
pps$parish_brewer_twice <- in_parish("~p_village+p_household", strata = "~region",
                                     stage("household", inclusion = list(probability = "p_household")))
pps$parish_brewer_below <- in_parish("~share_village+p_household",
                                     stage(strata = "part", inclusion = list(probability = "p_household")),
                                     first = stage("village", "region", population = "share_village"))
pps$parish_brewer_first <- design("parish", "svydesign(~village, strata=~region, fpc=~p_village, data=d, nest=TRUE, pps='brewer')",
                                  stages = list(stage("village", "region", inclusion = list(probability = "p_village"))))
for (method in c("brewer", "overton")) {
  calibrated <- unequal(sprintf("calibrate(%s, ~acres, c(42, 3000))", drawn_by(sprintf("'%s'", method))), method = method)
  calibrated$steps <- list(list("calibrate", list(totals = list("1" = 42, acres = 3000))))
  pps[[paste0("farm_calibrated_", method)]] <- calibrated
}
write_json(pps, file.path(folder, "pps-designs.json"), auto_unbox = TRUE, pretty = TRUE, digits = NA)
