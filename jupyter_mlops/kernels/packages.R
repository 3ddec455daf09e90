# Lives in an R kernel beside lineage.R: watches packages whose functions open files by themselves.
#
# A package is watched as soon as it is loaded. Base R only; it never raises into user code.
base::local({
  probe <- getOption("jupyter_mlops")
  if (is.null(probe$lineage)) return(invisible())
  for (name in c("absolute", "by_modes", "copied", "most", "note", "quietly", "watch")) {
    assign(name, get(name, envir = probe$lineage))
  }
  rm("lineage", envir = probe) # the next time it has all been done

  # by the beginning of their names what functions are given, where they have such an argument
  others <- list(
    utils = list(
      "^download.file$" = list(url = "read", destfile = "write"),
      "^Rprof$" = list(filename = "write")
    ),
    tools = list("^(md5|sha256)sum$" = list(files = "read")),
    grDevices = list("." = list(file = "write", filename = "write")),
    data.table = list(
      "^fread$" = list(input = "read", file = "read"),
      "^fwrite$" = list(file = "write")
    ),
    readr = list("^write" = list(file = "write"), "." = list(file = "read")),
    vroom = list("write" = list(file = "write"), "." = list(file = "read")),
    readxl = list("^(read|excel)_" = list(path = "read")),
    haven = list(
      "^write" = list(path = "write"),
      "^read" = list(file = "read", data_file = "read", catalog_file = "read")
    ),
    arrow = list(
      "^write" = list(sink = "write", path = "write"),
      "^(read|open)" = list(file = "read", sources = "read")
    ),
    brio = list("^write" = list(path = "write"), "^read" = list(path = "read")),
    curl = list(
      "^curl(_download|_fetch.*)?$" = list(url = "read", destfile = "write", path = "write"),
      "^curl_upload$" = list(file = "read", url = "write"),
      "^multi_download$" = list(urls = "read", destfiles = "write")
    ),
    foreign = list(
      "^write" = list(file = "write", datafile = "write", codefile = "write"),
      "^read" = list(file = "read")
    ),
    jpeg = list("^read" = list(source = "read"), "^write" = list(target = "write")),
    openxlsx = list(
      "^(write|save)" = list(file = "write"),
      "." = list(xlsxFile = "read", file = "read")
    ),
    png = list("^read" = list(source = "read"), "^write" = list(target = "write")),
    xml2 = list(
      "^write" = list(file = "write"),
      "^read" = list(x = "read"),
      "^download" = list(url = "read", file = "write")
    )
  )
  watch_package <- function(package, where) {
    kinds <- others[[package]]
    for (name in intersect(ls(where), getNamespaceExports(package))) {
      first <- Find(function(pattern) grepl(pattern, name), names(kinds))
      if (is.null(first) || !is.function(get(name, envir = where))) next
      modes <- kinds[[first]]
      quietly(watch(name, where, names(modes), by_modes(modes, package)))
    }
    for (name in names(special[[package]])) {
      one <- special[[package]][[name]]
      if (exists(name, where, inherits = FALSE)) quietly(watch(name, where, one[[1]], one[[2]]))
    }
  }

  # what more has to be said of; also functions that a package keeps to itself
  unzipped <- function(given, ...) {
    note(given$zipfile, "read", "utils")
    if (isTRUE(given$list)) return(NULL)
    inside <- utils::unzip(given$zipfile, list = TRUE)$Name
    if (!is.null(given$files)) inside <- intersect(inside, given$files)
    inside <- inside[!grepl("/$", inside)]
    if (isTRUE(given$junkpaths)) inside <- basename(inside)
    note(file.path(if (is.null(given$exdir)) "." else given$exdir, inside), "write", "utils")
  }

  # RSQLite's methods come down to these
  path_of <- function(connection) {
    path <- sub("[?].*$", "", sub("^file:", "", connection@dbname))
    if (path %in% c("", ":memory:") || !file.exists(path)) NULL else path
  }
  query <- function(given, caller) {
    place <- probe$running
    path <- path_of(get0("conn", envir = caller))
    if (is.null(place) || is.null(path) || length(probe$found) >= most) return(NULL)
    # as often as it is asked with other values, it uses the same tables
    sql <- gsub("[0-9]+", "0", gsub("'[^']*'", "''", substr(given$sql, 1L, 50000L)))
    key <- paste(place, path, sql)
    if (!is.null(queries[[key]])) return(NULL)
    assign(key, TRUE, envir = queries)
    fact <- list(path = absolute(path), kind = "sql", mode = "read", reader = "RSQLite", sql = sql)
    probe$found[[length(probe$found) + 1L]] <- c(fact, place = place)
  }
  queries <- new.env()
  moved <- list(c("path", "new_path"), function(given, ...) {
    note(given$path, "read", "fs")
    copied(given$path, given$new_path, "fs")
  })
  special <- list(
    utils = list(unzip = list(c("zipfile", "files", "list", "exdir", "junkpaths"), unzipped)),
    fs = list(
      file_copy = moved,
      dir_copy = moved,
      file_move = list("new_path", function(given, ...) note(given$new_path, "write", "fs")),
      file_create = list("path", function(given, ...) note(given$path, "write", "fs"))
    ),
    ncdf4 = list(
      nc_create = list("filename", function(given, ...) note(given$filename, "write", "ncdf4")),
      nc_open = list(c("filename", "write"), function(given, ...) {
        note(given$filename, if (isTRUE(given$write)) "write" else "read", "ncdf4")
      })
    ),
    RSQLite = list(
      # one that is made may be filled in ways that no SQL tells
      connection_connect = list("path", function(given, ...) {
        path <- setdiff(sub("[?].*$", "", sub("^file:", "", given$path)), ":memory:")
        note(path, if (isTRUE(file.size(path) > 0)) "read" else "?", "RSQLite")
      }),
      connection_import_file = list("value", function(given, ...) {
        note(given$value, "read", "RSQLite")
      }),
      result_create = list("sql", query)
    )
  )

  hook <- function(package) {
    force(package)
    function(...) {
      quietly(watch_package(package, asNamespace(package)))
      # what is attached already has copies
      attached <- match(paste0("package:", package), search())
      if (!is.na(attached)) quietly(watch_package(package, as.environment(attached)))
    }
  }
  for (package in unique(c(names(others), names(special)))) {
    if (package %in% loadedNamespaces()) hook(package)()
    else setHook(packageEvent(package, "onLoad"), hook(package))
  }
}, envir = base::new.env(parent = base::baseenv()))
