# Fills a library with packages in the versions that wanted.tsv lists, and says in found.tsv what is
# missing. Taken are those that are installed in R or lie in renv's cache, then the sources that the
# repositories of R's own settings have, those on this machine alone where nothing may be fetched.
#
#   R -f library.R --args FOLDER VERSION FETCH     VERSION: of R, as it was; FETCH: yes or no
#
# Base R only.
local({
  arguments <- commandArgs(trailingOnly = TRUE)
  folder <- arguments[[1]]
  fetch <- arguments[[3]] == "yes"
  target <- file.path(folder, "library")
  minor <- function(version) sub("^([0-9]+[.][0-9]+).*$", "\\1", version)
  running <- paste(R.version$major, R.version$minor, sep = ".")
  said <- paste("R", running, sep = "\t")
  say <- function(...) said <<- c(said, paste(..., sep = "\t"))
  on.exit(writeLines(said, file.path(folder, "found.tsv")))
  if (minor(running) != minor(arguments[[2]])) return(invisible())

  wanted <- utils::read.delim(
    file.path(folder, "wanted.tsv"), colClasses = "character", quote = "", comment.char = ""
  )
  its_own <- rownames(utils::installed.packages(.Library, priority = "base"))
  wanted <- wanted[!wanted$name %in% its_own, ]

  fits <- function(place, version) {
    known <- tryCatch(
      read.dcf(file.path(place, "DESCRIPTION"), "Version"),
      error = function(e) NULL, warning = function(w) NULL
    )
    identical(as.character(known), version)
  }

  cache <- Sys.getenv("RENV_PATHS_CACHE")
  if (!nzchar(cache)) {
    root <- Sys.getenv("RENV_PATHS_ROOT", tools::R_user_dir("renv", "cache"))
    cache <- file.path(root, "cache")
  }
  cache <- strsplit(cache, "[:;]")[[1]]
  # where R finds a package, it takes it; of the cache that is for this R: v5/R-4.2/x86_64/…, in some
  # versions of renv with the operating system first
  installed <- function(name, version) {
    own <- paste0("R-", minor(running))
    kept <- file.path(name, version, "*", name)
    c(
      file.path(.libPaths(), name),
      Sys.glob(file.path(cache, "v*", own, "*", kept)),
      Sys.glob(file.path(cache, "v*", "*", own, "*", kept))
    )
  }
  for (i in seq_len(nrow(wanted))) {
    version <- wanted$version[[i]]
    place <- Find(function(one) fits(one, version), installed(wanted$name[[i]], version))
    if (is.null(place)) next
    file.copy(normalizePath(place), target, recursive = TRUE, copy.date = TRUE)
  }

  whole <- function() {
    vapply(seq_len(nrow(wanted)), function(i) {
      fits(file.path(target, wanted$name[[i]]), wanted$version[[i]])
    }, NA)
  }
  missing <- wanted[!whole(), ]
  repositories <- getOption("repos")
  repositories <- repositories[!is.na(repositories) & repositories != "@CRAN@"]
  if (!fetch) repositories <- repositories[startsWith(repositories, "file:")]
  say("repositories", length(repositories))

  pool <- file.path(tempdir(), "pool")
  sources <- file.path(pool, "src", "contrib")
  dir.create(sources, recursive = TRUE)
  fetched <- function(name, version) {
    file <- sprintf("%s_%s.tar.gz", name, version)
    to <- file.path(sources, file)
    for (repository in utils::contrib.url(repositories, "source")) {
      # older versions are moved there
      for (place in c(file, paste("Archive", name, file, sep = "/"))) {
        there <- tryCatch(
          utils::download.file(paste(repository, place, sep = "/"), to, quiet = TRUE, mode = "wb") == 0L,
          error = function(e) FALSE, warning = function(w) FALSE
        )
        if (there) return(TRUE)
        unlink(to)
      }
    }
    FALSE
  }
  # what came from somewhere else, GitHub say, is another package by the same name
  here <- vapply(seq_len(nrow(missing)), function(i) {
    missing$fetch[[i]] == "yes" && fetched(missing$name[[i]], missing$version[[i]])
  }, NA)
  if (any(here)) {
    # nor shall those that install find what the user has
    Sys.setenv(MLOPS_R_LIBRARY = target, R_LIBS = target, R_PROFILE_USER = file.path(folder, "Rprofile"))
    tools::write_PACKAGES(sources, type = "source")
    # in the order in which they need each other
    suppressWarnings(utils::install.packages(
      missing$name[here], lib = target, contriburl = paste0("file://", sources), type = "source",
      dependencies = FALSE, quiet = TRUE
    ))
  }
  missing <- wanted[!whole(), ]
  for (i in seq_len(nrow(missing))) {
    got <- file.exists(file.path(sources, sprintf("%s_%s.tar.gz", missing$name[[i]], missing$version[[i]])))
    say(if (got) "failed" else "missing", paste(missing$name[[i]], missing$version[[i]]))
  }
})
