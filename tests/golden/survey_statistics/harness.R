# What every script of golden values here begins with: source(file.path("tests", "golden", "survey_statistics",
# "harness.R")). `survey_of` opens a design of designs.json (or of <area>-designs.json) in R, `add` notes one expected
# number, `write_cases` writes <area>.csv beside this file. Run the scripts by hand from the project folder.
#
# call, arguments: the method of `Survey` and its keyword arguments, a named list. The call may end in the name of an
#   attribute or method of what comes back: "table.rao_scott".
# statistic, question, category, domain: select the row; "" is any. A test is selected by its `test` as statistic and
#   its `subject` as question.
# field: the attribute compared, dotted for what is nested: "value", "extra.phi", "effect_size.value". expected NA means
#   None is right.
# kind: estimate (1e-8 relative) or p (1e-6).
suppressPackageStartupMessages({library(survey); library(jsonlite)})
RNGversion("4.0.0")
folder <- file.path("tests", "golden", "survey_statistics")
all_designs <- list()
for (file in c("designs.json", list.files(folder, "-designs\\.json$"))) {
  all_designs <- c(all_designs, fromJSON(file.path(folder, file), simplifyVector = FALSE))
}

sample_of <- function(data) read.csv(file.path(folder, paste0(data, ".csv")), na.strings = "", stringsAsFactors = TRUE)

survey_of <- function(name) {
  chosen <- all_designs[[name]]
  rule <- chosen$design$lonely_psu
  options(survey.lonely.psu = if (is.null(rule)) "fail" else rule,
          survey.adjust.domain.lonely = isTRUE(chosen$design$adjust_domain_lonely))
  d <- sample_of(chosen$data)
  suppressWarnings(eval(parse(text = chosen$r)))
}

# The matrix of joint probabilities of a stratified sample whose columns joint_k belong to the k-th unit of the stratum.
joint_of <- function(d) {
  found <- outer(d$p, d$p)
  for (s in unique(d$stratum)) {
    here <- which(d$stratum == s)
    found[here, here] <- as.matrix(d[here, paste0("joint_", seq_along(here))])
  }
  found
}

cases <- list()
add <- function(case, design, call, arguments, field, expected, statistic = "", question = "", category = "",
                domain = "", kind = "estimate") {
  cases[[length(cases) + 1]] <<- data.frame(
    case, design, call, arguments = as.character(toJSON(arguments, auto_unbox = TRUE, digits = NA)), statistic,
    question, category, domain, field, expected = ifelse(is.na(expected), "", sprintf("%.17g", expected)), kind)
}
write_cases <- function(area) {
  write.csv(do.call(rbind, cases), file.path(folder, paste0(area, ".csv")), row.names = FALSE, na = "")
  cat(area, length(cases), "cases\n")
}
