# Runs notebooks as an R kernel does, and from top to bottom; says what came out, and the history.
folder <- commandArgs(TRUE)[[1]]
setwd(folder)
sys.source(commandArgs(TRUE)[[2]], new.env())
base::local({
  probe <- getOption("jupyter_mlops")
  watched <- get("evaluate", envir = parent.env(asNamespace("IRkernel")))

  fresh <- function(seed) {
    rm(list = ls(globalenv(), all.names = TRUE), envir = globalenv())
    options(digits = 7)
    unlink("file.txt")
    if (!is.null(seed)) set.seed(seed)
    probe$cells <- list()
    probe$rich <- character()
  }

  run <- function(source, id, execution_count) {
    request <- list(
      content = list(code = source, silent = FALSE, store_history = TRUE),
      metadata = list(cellId = id)
    )
    err <- list()
    handler <- evaluate::new_output_handler(error = function(e) err <<- list(ename = "ERROR"))
    shown <- watched(source, envir = globalenv(), output_handler = handler, stop_on_error = 1L, new_device = FALSE)
    parts <- lapply(shown[-1], function(one) {
      if (is.character(one)) one else if (inherits(one, "condition")) conditionMessage(one) else ""
    })
    paste(unlist(parts), collapse = "\n")
  }

  values <- function() {
    names <- ls(globalenv())
    told <- lapply(names, function(name) {
      tryCatch(
        paste(deparse(get(name, envir = globalenv())), collapse = "\n"),
        error = function(e) "error"
      )
    })
    stats::setNames(told, names)
  }

  played <- function(sources, order, seed) {
    fresh(seed)
    shown <- list()
    for (place in seq_along(order)) {
      id <- paste0("c", order[[place]])
      shown[[id]] <- run(sources[[order[[place]] + 1L]], id, place)
    }
    list(outputs = shown, values = values())
  }

  answers <- lapply(jsonlite::fromJSON("notebooks.json", simplifyVector = FALSE), function(book) {
    cells <- seq_along(book$sources) - 1L
    ideal <- played(book$sources, cells, 1L)
    again <- played(book$sources, cells, 2L)
    real <- played(book$sources, unlist(book$order), NULL)
    list(ideal = ideal, again = again, real = real, history = probe$history())
  })
  writeLines(jsonlite::toJSON(answers, auto_unbox = TRUE, digits = NA), "answers.json")
}, envir = base::new.env(parent = base::baseenv()))
