# Lives in an R kernel beside probe.R: notes which files and URLs its cells open.
#
# Nearly all of base R opens files by file() or gzfile(); what else opens some is named here. To the
# body of each of these functions a line is added that notes its arguments; the rest stays as it is,
# in its frame, with its promises. Base R only; it never raises into user code.
base::local({
  probe <- getOption("jupyter_mlops")
  if (is.null(probe) || !is.null(probe$data)) return(invisible())
  probe$found <- list() # what was noted: path, mode, reader, and the number of the execution
  most <- 10000L

  quietly <- function(code) tryCatch(code, error = function(e) NULL)

  is_url <- function(text) grepl("^[A-Za-z][A-Za-z0-9+.-]+://", text) && !startsWith(text, "file:")

  absolute <- function(path) {
    path <- path.expand(sub("^file://", "", path))
    if (startsWith(path, "/")) path else file.path(getwd(), path)
  }

  skipped <- c(R.home(), .libPaths(), tempdir(), "/proc", "/sys", "/dev", "/etc", "/usr/share")

  state_of <- function(path) unlist(file.info(path, extra_cols = FALSE)[c("size", "mtime")])

  note <- function(path, mode, reader) {
    place <- probe$running
    if (is.null(place) || !is.character(path) || length(probe$found) >= most) return(NULL)
    for (one in path[!is.na(path) & !path %in% c("", "stdin", "clipboard")]) {
      if (is_url(one)) {
        kind <- "url"
      } else {
        kind <- "file"
        one <- absolute(if (grepl("%[0-9]*d", one)) sprintf(one, 1L) else one)
        if (any(startsWith(one, paste0(skipped, "/")))) next
        if (if (mode == "read") !file.exists(one) else dir.exists(one)) next
      }
      before <- if (mode == "?" && kind == "file") state_of(one)
      fact <- list(
        path = one, kind = kind, mode = mode, reader = reader, place = place, before = before
      )
      probe$found[[length(probe$found) + 1L]] <- fact
    }
  }

  # of a connection that is opened later nobody says yet whether it reads or writes
  mode_of <- function(open) {
    if (!is.character(open) || !nzchar(open[[1]])) return("?")
    if (grepl("^r[^+]*$", open[[1]])) "read" else "write"
  }

  watch <- function(name, arguments, where, reader = "base", open = NULL) {
    force(arguments)
    force(reader)
    force(open)
    original <- get(name, envir = where, inherits = FALSE)
    noted <- function(frame) {
      quietly({
        given <- function(one) {
          if (eval(call("missing", as.name(one)), frame)) NULL else get(one, envir = frame)
        }
        for (one in names(arguments)) {
          mode <- arguments[[one]]
          note(given(one), if (is.null(open)) mode else mode_of(given(open)), reader)
        }
      })
    }
    changed <- original
    body(changed) <- call("{", as.call(list(noted, quote(environment()))), body(original))
    attributes(changed) <- attributes(original)
    locked <- bindingIsLocked(name, where)
    if (locked) unlockBinding(name, where)
    assign(name, changed, envir = where)
    if (locked) lockBinding(name, where)
  }

  connections <- c("file", "gzfile", "bzfile", "xzfile", "url")
  for (name in connections) {
    quietly(watch(name, list(description = "?"), baseenv(), open = "open"))
  }
  quietly(watch("file.copy", list(from = "read", to = "write"), baseenv()))
  quietly(watch("file.rename", list(to = "write"), baseenv()))

  # functions of packages that open files otherwise, and what they are given
  others <- list(
    utils = list(
      download.file = list(url = "read", destfile = "write"),
      unzip = list(zipfile = "read")
    ),
    grDevices = c(
      list(pdf = list(file = "write"), svg = list(filename = "write")),
      sapply(c("png", "jpeg", "tiff", "bmp"), function(name) list(filename = "write"), simplify = FALSE)
    ),
    data.table = list(
      fread = list(input = "read", file = "read"),
      fwrite = list(file = "write")
    ),
    readr = c(
      sapply(
        c("read_csv", "read_csv2", "read_tsv", "read_delim", "read_table", "read_fwf", "read_lines",
          "read_file"),
        function(name) list(file = "read"), simplify = FALSE
      ),
      sapply(
        c("write_csv", "write_csv2", "write_tsv", "write_delim", "write_lines", "write_file"),
        function(name) list(file = "write"), simplify = FALSE
      )
    ),
    readxl = sapply(
      c("read_excel", "read_xls", "read_xlsx"), function(name) list(path = "read"), simplify = FALSE
    ),
    arrow = list(
      read_parquet = list(file = "read"),
      read_feather = list(file = "read"),
      write_parquet = list(sink = "write"),
      write_feather = list(sink = "write"),
      open_dataset = list(sources = "read")
    ),
    haven = sapply(
      c("read_sas", "read_sav", "read_dta"), function(name) list(file = "read"), simplify = FALSE
    )
  )
  hook <- function(package) {
    force(package)
    function(...) {
      for (name in names(others[[package]])) {
        quietly(watch(name, others[[package]][[name]], asNamespace(package), package))
        # what is attached already has copies
        attached <- match(paste0("package:", package), search())
        if (!is.na(attached)) {
          quietly(watch(name, others[[package]][[name]], as.environment(attached), package))
        }
      }
    }
  }
  for (package in names(others)) {
    if (package %in% loadedNamespaces()) hook(package)()
    else setHook(packageEvent(package, "onLoad"), hook(package))
  }

  # a file that has changed since it was named was written, if it is not known better
  probe$after <- function(place) {
    for (number in seq_along(probe$found)) {
      fact <- probe$found[[number]]
      if (fact$place != place || fact$mode != "?") next
      state <- if (fact$kind == "file") state_of(fact$path) else NA
      written <- !anyNA(state) && !identical(state, fact$before)
      probe$found[[number]]$mode <- if (written) "write" else "read"
    }
  }

  probe$data <- function() {
    facts <- lapply(probe$found, function(fact) {
      id <- probe$cells[[fact$place]]$cell_id
      if (fact$mode == "?") fact$mode <- "read" # its cell still runs
      c(fact[c("path", "kind", "mode", "reader")], list(cell_id = id))
    })
    # what was written and removed again was temporary
    written <- vapply(facts, function(fact) fact$mode == "write", NA)
    paths <- vapply(facts, function(fact) fact$path, "")
    there <- vapply(facts, function(fact) fact$kind == "url" || file.exists(fact$path), NA)
    unique(facts[there | !paths %in% paths[written]])
  }
}, envir = base::new.env(parent = base::baseenv()))
