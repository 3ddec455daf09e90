# Lives in an R kernel beside probe.R: notes which files and URLs its cells open.
#
# Nearly all of base R opens files by file() or gzfile(); what else opens some is named here, and
# for packages in packages.R. To the body of each of these functions a line is added that notes its
# arguments; the rest stays as it is, in its frame, with its promises. Base R only; it never raises
# into user code.
base::local({
  probe <- getOption("jupyter_mlops")
  if (is.null(probe) || !is.null(probe$data)) return(invisible())
  probe$found <- list() # what was noted: path, mode, reader, and the number of the execution
  most <- 10000L

  quietly <- function(code) tryCatch(code, error = function(e) NULL)

  is_url <- function(text) {
    grepl("^[A-Za-z][A-Za-z0-9+.-]+://[^[:space:]]+$", text) && !startsWith(text, "file:")
  }

  absolute <- function(path) {
    path <- path.expand(sub("^file://", "", path))
    if (startsWith(path, "/")) path else file.path(getwd(), path)
  }

  skipped <- c(R.home(), .libPaths(), tempdir(), "/proc", "/sys", "/dev", "/etc", "/usr/share")

  state_of <- function(path) unlist(file.info(path, extra_cols = FALSE)[c("size", "mtime")])

  note <- function(path, mode, reader) {
    place <- probe$running
    if (is.null(place) || !is.character(path) || length(probe$found) >= most) return(NULL)
    # a longer one is what it would name
    for (one in path[!is.na(path) & !path %in% c("", "stdin", "clipboard") & nchar(path) < 4096L]) {
      if (is_url(one)) {
        kind <- "url"
      } else {
        kind <- "file"
        one <- absolute(if (grepl("%[0-9]*d", one)) sprintf(one, 1L) else one)
        if (any(startsWith(one, paste0(skipped, "/")))) next
        if (mode == "read" && !file.exists(one)) next
      }
      before <- if (mode == "?" && kind == "file") state_of(one)
      fact <- list(
        path = one, kind = kind, mode = mode, reader = reader, place = place, before = before
      )
      probe$found[[length(probe$found) + 1L]] <- fact
    }
  }

  # tell: is given the arguments' values, NULL for what is missing, and the frame of who calls
  watch <- function(name, where, arguments, tell) {
    original <- get(name, envir = where, inherits = FALSE)
    arguments <- intersect(arguments, names(formals(original)))
    if (!length(arguments)) return(invisible())
    force(tell)
    noted <- function(frame) {
      # an error here is the user's: hidden, it would come with a warning when it comes again
      values <- sapply(arguments, simplify = FALSE, function(one) {
        if (one == "...") eval(quote(list(...)), frame)
        else if (eval(call("missing", as.name(one)), frame)) NULL
        else get(one, envir = frame)
      })
      quietly(tell(values, parent.frame(2L)))
    }
    changed <- original
    body(changed) <- call("{", as.call(list(noted, quote(environment()))), body(original))
    attributes(changed) <- attributes(original)
    locked <- bindingIsLocked(name, where)
    if (locked) unlockBinding(name, where)
    assign(name, changed, envir = where)
    if (locked) lockBinding(name, where)
  }

  # what a program is told: a word that names a file which is there afterwards; how it was used
  # shows whether it has changed
  run <- function(command) {
    for (part in strsplit(paste(command, collapse = " "), "[;|&()\n]+")[[1]]) {
      words <- scan(text = gsub("[<>]+", " ", part), what = "", quiet = TRUE)
      if (!length(words) || is.null(probe$running)) next
      program <- basename(words[[1]])
      note(words[-1], "?", program)
      fact <- list(path = part, kind = "program", mode = "run", reader = program)
      probe$found[[length(probe$found) + 1L]] <- c(fact, place = probe$running)
    }
  }

  by_modes <- function(modes, reader) {
    force(modes)
    force(reader)
    function(given, ...) for (one in names(given)) note(given[[one]], modes[[one]], reader)
  }

  # of a connection that is opened later nobody says yet whether it reads or writes
  mode_of <- function(open) {
    if (!is.character(open) || !nzchar(open[[1]])) return("?")
    if (grepl("^r[^+]*$", open[[1]])) "read" else "write"
  }

  # into a folder, or to a name
  copied <- function(from, to, reader) {
    into <- length(to) == 1L && dir.exists(to)
    note(if (into) file.path(to, basename(from)) else to, "write", reader)
  }

  for (name in c("file", "gzfile", "bzfile", "xzfile", "url")) {
    quietly(watch(name, baseenv(), c("description", "open"), function(given, ...) {
      if (!dir.exists(given$description)) note(given$description, mode_of(given$open), "base")
    }))
  }
  quietly(watch("unz", baseenv(), c("description", "open"), function(given, ...) {
    note(sub(":[^:]*$", "", given$description), "read", "base") # the archive, without the member
  }))
  quietly(watch("file.copy", baseenv(), c("from", "to", "recursive"), function(given, ...) {
    from <- given$from
    if (!isTRUE(given$recursive)) from <- from[!dir.exists(from)]
    note(from, "read", "base")
    copied(from, given$to, "base")
  }))
  # a link to a folder has none of its files
  for (name in c("file.link", "file.symlink")) {
    quietly(watch(name, baseenv(), c("from", "to"), function(given, ...) {
      from <- given$from[!dir.exists(given$from)]
      note(from, "read", "base")
      if (length(from)) copied(from, given$to, "base")
    }))
  }
  quietly(watch("file.create", baseenv(), "...", function(given, ...) {
    note(unlist(given), "write", "base")
  }))
  for (one in list(
    list("file.append", list(file1 = "write", file2 = "read")),
    list("file.rename", list(to = "write")),
    list("readRenviron", list(path = "read"))
  )) quietly(watch(one[[1]], baseenv(), names(one[[2]]), by_modes(one[[2]], "base")))

  quietly(watch("system", baseenv(), "command", function(given, ...) run(given$command)))
  quietly(watch("pipe", baseenv(), "description", function(given, ...) run(given$description)))
  quietly(watch("system2", baseenv(), c("command", "args", "stdin", "stdout"), function(given, ...) {
    run(c(given$command, given$args))
    note(given$stdin, "read", "base")
    note(given$stdout, "write", "base")
  }))

  # a file that has changed since it was named was written, if it is not known better; one that is
  # not there was not opened, or was temporary
  probe$after <- function(place) {
    for (number in seq_along(probe$found)) {
      fact <- probe$found[[number]]
      if (fact$place != place || fact$mode != "?") next
      state <- if (fact$kind == "file") state_of(fact$path)
      mode <- if (identical(state, fact$before)) "read" else "write"
      probe$found[[number]]$mode <- if (anyNA(state)) "none" else mode
    }
  }

  probe$data <- function() {
    facts <- lapply(Filter(function(fact) fact$mode != "none", probe$found), function(fact) {
      id <- probe$cells[[fact$place]]$cell_id
      if (fact$mode == "?") fact$mode <- "read" # its cell still runs
      c(fact[c("path", "kind", "mode", "reader", "sql")], list(cell_id = id))
    })
    # what was written and removed again was temporary
    written <- vapply(facts, function(fact) fact$mode == "write", NA)
    paths <- vapply(facts, function(fact) fact$path, "")
    there <- vapply(facts, function(fact) fact$kind != "file" || file.exists(fact$path), NA)
    unique(facts[there | !paths %in% paths[written]])
  }

  # for packages.R
  probe$lineage <- environment()
}, envir = base::new.env(parent = base::baseenv()))
