# Lives in an R kernel: notes which cells ran, and takes their code apart when it is asked.
#
# Base R and IRkernel's own packages only. It never raises into user code, prints nothing, and
# leaves the user's names alone: it is found as an option. IRkernel hands what it runs to
# evaluate(), of which it has a binding of its own; that is replaced. What a user calls c, say, is
# none of ours.
base::local({
  if (!is.null(getOption("jupyter_mlops"))) return(invisible())
  probe <- new.env()
  probe$complete <- TRUE
  probe$cells <- list() # in the order they ran
  probe$rich <- character() # names that were bound to more than data: code, say

  quietly <- function(code) tryCatch(code, error = function(e) NULL)

  state_of_random <- function() get0(".Random.seed", envir = globalenv(), inherits = FALSE)

  begun <- function(frame) {
    request <- get("request", envir = frame)
    content <- request$content
    if (isTRUE(content$silent) || !isTRUE(content$store_history)) return(NULL)
    if (!nzchar(trimws(content$code))) return(NULL)
    id <- request$metadata$cellId
    list(
      execution_count = get("execution_count", envir = frame),
      cell_id = if (is.character(id)) id else NA_character_,
      source = content$code,
      status = "error",
      started = Sys.time(),
      seconds = NA_real_,
      drew = FALSE
    )
  }

  is_data <- function(x) {
    if (is.atomic(x) || is.null(x)) return(TRUE)
    if (!is.list(x) || length(x) > 1000L) return(FALSE)
    for (part in unclass(x)) {
      if (!is.atomic(part) && !is.null(part)) return(FALSE)
    }
    TRUE
  }

  # without holding a value, which would be copied when it is changed the next time
  note_rich <- function() {
    here <- globalenv()
    for (name in setdiff(ls(here, all.names = TRUE), probe$rich)) {
      if (bindingIsActive(as.symbol(name), here) || !is_data(here[[name]])) {
        probe$rich <- c(probe$rich, name)
      }
    }
  }

  ended <- function(place, frame, random, complete) {
    probe$running <- NULL
    cell <- probe$cells[[place]]
    failed <- !complete || !is.null(get("err", envir = frame)$ename)
    cell$status <- if (failed) "error" else "ok"
    cell$seconds <- as.numeric(difftime(Sys.time(), cell$started, units = "secs"))
    cell$drew <- !identical(random, state_of_random())
    probe$cells[[place]] <- cell
    note_rich()
    if (!is.null(probe$after)) probe$after(place)
  }

  watched <- function(original) {
    force(original)
    function(input, ...) {
      # IRkernel first evaluates something to count frames, and so each takes the same number
      frame <- if ("envir" %in% names(list(...))) parent.frame()
      cell <- if (!is.null(frame)) quietly(begun(frame))
      if (!is.null(cell)) {
        place <- length(probe$cells) + 1L
        probe$cells[[place]] <- cell
        random <- state_of_random()
        complete <- FALSE
        probe$running <- place
        on.exit(quietly(ended(place, frame, random, complete)))
      }
      result <- original(input, ...)
      complete <- TRUE
      result
    }
  }

  # each name once; then a tree of numbers: a symbol is its number, a text {"t"}, another constant
  # {"v"}, and a call [function, arguments, their names or 0]
  taken_apart <- function(sources) {
    names <- new.env()
    texts <- character()
    number <- function(text) {
      key <- paste0("x", text)
      found <- names[[key]]
      if (is.null(found)) {
        texts[[length(texts) + 1L]] <<- text
        found <- length(texts)
        names[[key]] <- found
      }
      found
    }
    listed <- function(parts) paste0("[", paste(parts, collapse = ","), "]")
    tree <- function(node) {
      if (is.symbol(node)) {
        name <- as.character(node)
        return(if (nzchar(name)) as.character(number(name)) else "null")
      }
      if (is.call(node) || is.pairlist(node)) {
        parts <- as.list(node)
        inner <- vapply(seq_along(parts), function(i) tree(parts[[i]]), "")
        labels <- names(parts)
        if (is.null(labels)) labels <- rep("", length(parts))
        known <- vapply(labels, function(one) if (nzchar(one)) number(one) else 0L, 0)
        if (is.pairlist(node)) return(listed(c("null", listed(inner), listed(known))))
        return(listed(c(inner[1], listed(inner[-1]), listed(known[-1]))))
      }
      if (is.character(node) && length(node) == 1L && !is.na(node)) {
        return(paste0('{"t":', number(node), "}"))
      }
      paste0('{"v":', number(paste(deparse(node), collapse = "\n")), "}")
    }
    one <- function(source) {
      tryCatch(
        listed(vapply(as.list(parse(text = source, keep.source = FALSE)), tree, "")),
        error = function(e) "null"
      )
    }
    trees <- vapply(sources, one, "", USE.NAMES = FALSE)
    list(texts = texts, trees = trees, functions = places(texts))
  }

  # which attached packages have a function of a name, or one that replaces: the first is called
  places <- function(texts) {
    pieces <- strsplit(texts[grepl(".", texts, fixed = TRUE)], ".", fixed = TRUE)
    generics <- lapply(pieces, function(all) Reduce(function(...) paste(..., sep = "."), all, accumulate = TRUE))
    wanted <- unique(c(texts, paste0(texts, "<-"), unlist(generics)))
    found <- list()
    attached <- search()[-1]
    for (i in seq_along(attached)) {
      here <- as.environment(i + 1L)
      for (name in intersect(wanted, ls(here, all.names = TRUE))) {
        if (is.function(get(name, envir = here))) {
          package <- sub("^package:", "", attached[[i]])
          found[[name]] <- c(found[[name]], package)
        }
      }
    }
    lapply(found, I)
  }

  probe$history <- function() {
    cells <- lapply(probe$cells, function(cell) {
      cell$started <- format(cell$started, "%Y-%m-%dT%H:%M:%OS3Z", tz = "UTC")
      cell
    })
    sources <- unique(vapply(cells, function(cell) cell$source, ""))
    apart <- taken_apart(sources)
    list(
      # one that came late has seen all if it has seen the first
      complete = probe$complete ||
        (length(cells) > 0L && identical(cells[[1]]$execution_count, 1L)),
      cells = cells,
      sources = I(as.character(sources)),
      texts = I(as.character(apart$texts)),
      trees = I(as.character(apart$trees)),
      rich = I(probe$rich),
      functions = if (length(apart$functions)) apart$functions else NULL
    )
  }

  imports <- parent.env(asNamespace("IRkernel"))
  original <- get("evaluate", envir = imports)
  unlockBinding("evaluate", imports)
  assign("evaluate", watched(original), envir = imports)
  lockBinding("evaluate", imports)
  options(jupyter_mlops = probe)
}, envir = base::new.env(parent = base::baseenv()))
