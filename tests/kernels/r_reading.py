"""One cell in R for each way of reading or writing data that notebooks in R use."""

from __future__ import annotations

from .reading import Case

# runs first: makes what the others read
PREPARE = """
table <- data.frame(a = 1:100, b = seq(0, 1, length.out = 100), c = "x")
for (name in c("in.csv", "in put 한글.csv", "in2.csv")) write.csv(table, name, row.names = FALSE)
write.table(table, "in.tsv", sep = "\\t", row.names = FALSE)
con <- gzfile("in.csv.gz", "w"); write.csv(table, con, row.names = FALSE); close(con)
saveRDS(table, "in.rds"); save(table, file = "in.rda"); dput(table, "in.txt")
writeLines("n <- nrow(read.csv('in.csv'))", "in.R")
writeLines('{"a": 1}', "in.json")
writeBin(as.raw(1:10), "in.bin")
tar("in.tar", "in.json", tar = "internal")
dir.create("made"); dir.create("parts")
for (i in 1:2) write.csv(table, sprintf("parts/%d.csv", i), row.names = FALSE)
"""
# where readxl is installed
WORKBOOKS = """
for (name in c("xls", "xlsx")) {
  file.copy(readxl::readxl_example(paste0("datasets.", name)), paste0("in.", name))
}
"""

BASE = {
    "read.csv": Case("read.csv('in.csv')", ("in.csv",)),
    "spaces": Case("read.csv('in put 한글.csv')", ("in put 한글.csv",)),
    "absolute": Case("read.csv(file.path(getwd(), 'in.csv'))", ("in.csv",)),
    "file URL": Case("read.csv(paste0('file://', getwd(), '/in.csv'))", ("in.csv",)),
    "gz": Case("read.csv('in.csv.gz')", ("in.csv.gz",)),
    "read.delim": Case("read.delim('in.tsv')", ("in.tsv",)),
    "scan": Case("scan('in.csv', what = '', quiet = TRUE)", ("in.csv",)),
    "count.fields": Case("count.fields('in.csv', sep = ',')", ("in.csv",)),
    "readRDS": Case("readRDS('in.rds')", ("in.rds",)),
    "load": Case("load('in.rda')", ("in.rda",)),
    "dget": Case("dget('in.txt')", ("in.txt",)),
    "source": Case("source('in.R')", ("in.R", "in.csv")),
    "connection": Case("con <- file('in.csv', 'r'); readLines(con, 1); close(con)", ("in.csv",)),
    "late": Case("con <- file('in.csv'); open(con, 'r'); close(con)", ("in.csv",)),
    "not there": Case("con <- file('none.csv'); try(readLines(con), silent = TRUE); close(con)"),
    "a folder": Case("try(suppressWarnings(readLines('parts')), silent = TRUE)"),
    "update": Case(
        "con <- file('up.csv', 'w+'); cat('a', file = con); close(con)", (), ("up.csv",)
    ),
    "readBin": Case("readBin('in.bin', 'raw', 10)", ("in.bin",)),
    "readChar": Case("readChar('in.json', 3)", ("in.json",)),
    "jsonlite": Case("jsonlite::fromJSON('in.json')", ("in.json",)),
    "untar": Case(
        "untar('in.tar', exdir = 'made', tar = 'internal')", ("in.tar",), ("made/in.json",)
    ),
    "unzip": Case("unzip('in.zip', exdir = 'made')", ("in.zip",), ("made/a.csv", "made/b/c.csv")),
    "unzip one": Case("unzip('in.zip', 'b/c.csv', junkpaths = TRUE)", ("in.zip",), ("c.csv",)),
    "unzip list": Case("unzip('in.zip', list = TRUE)", ("in.zip",)),
    "unz": Case("con <- unz('in.zip', 'a.csv'); readLines(con); close(con)", ("in.zip",)),
    "several": Case(
        "lapply(list.files('parts', full.names = TRUE), read.csv)",
        ("parts/1.csv", "parts/2.csv"),
    ),
    "write.csv": Case("write.csv(table, 'base.csv')", (), ("base.csv",)),
    "saveRDS": Case("saveRDS(table, 'base.rds')", (), ("base.rds",)),
    "save": Case("save(table, file = 'base.rda')", (), ("base.rda",)),
    "dump": Case("dump('table', 'base.R')", (), ("base.R",)),
    "cat": Case("cat('a', file = 'base.txt')", (), ("base.txt",)),
    "append": Case("cat('a', file = 'in2.csv', append = TRUE)", (), ("in2.csv",)),
    "sink": Case("sink('sunk.txt'); print(1); sink()", (), ("sunk.txt",)),
    "writeBin": Case("writeBin(as.raw(1), 'base.bin')", (), ("base.bin",)),
    "write_json": Case("jsonlite::write_json(list(a = 1), 'out.json')", (), ("out.json",)),
    "file.copy": Case("file.copy('in.csv', 'copied.csv')", ("in.csv",), ("copied.csv",)),
    "into a folder": Case("file.copy('in.csv', 'made')", ("in.csv",), ("made/in.csv",)),
    "copied folders": Case(
        "file.copy('parts', 'made', recursive = TRUE)", ("parts",), ("made/parts",)
    ),
    "file.create": Case("file.create('new 1.txt', 'new 2.txt')", (), ("new 1.txt", "new 2.txt")),
    "file.link": Case(
        "file.link('in.csv', 'hard.csv'); lapply(c('in.csv', 'hard.csv'), readLines)",
        ("in.csv", "hard.csv"),
        ("hard.csv",),
    ),
    "file.symlink": Case(
        "file.symlink('in.tsv', 'soft.tsv'); file.symlink('parts', 'linked'); readLines('in.tsv')",
        ("in.tsv",),
        ("soft.tsv",),
    ),
    "md5sum": Case("tools::md5sum(c('in.csv', 'none.csv'))", ("in.csv",)),
    "readRenviron": Case("readRenviron('in.txt')", ("in.txt",)),
    "Rprof": Case("Rprof('r.prof'); Rprof(NULL)", (), ("r.prof",)),
    "tar": Case("tar('made.tar', 'in.json', tar = 'internal')", ("in.json",), ("made.tar",)),
    "file.append": Case("file.append('copied.csv', 'in.csv')", ("in.csv",), ("copied.csv",)),
    "bz2 and xz": Case(
        "con <- bzfile('b.bz2', 'w'); cat('a\\n', file = con); close(con); readLines('b.bz2')\n"
        "con <- xzfile('b.xz', 'w'); writeLines('a', con); close(con)",
        ("b.bz2",),
        ("b.bz2", "b.xz"),
    ),
    "gzcon": Case(
        "con <- gzcon(file('in.csv.gz', 'rb')); readLines(con, 1); close(con)", ("in.csv.gz",)
    ),
    "sys.source": Case("sys.source('in.R', new.env())", ("in.R", "in.csv")),
    "attach": Case("attach('in.rda'); detach()", ("in.rda",)),
    "system": Case("system('sort in.csv >sorted.csv')", ("in.csv",), ("sorted.csv",)),
    "system again": Case("system('sort in.csv > sorted.csv')", ("in.csv",), ("sorted.csv",)),
    "system, quoted": Case(
        "x <- system(\"head -1 'in put 한글.csv' | tr a b\", intern = TRUE)", ("in put 한글.csv",)
    ),
    "system2": Case("system2('cat', 'in.csv', stdout = 'cat.csv')", ("in.csv",), ("cat.csv",)),
    "no file": Case("system('ls in.csv none.csv', ignore.stderr = TRUE); system('echo in.csv')"),
    "pipe": Case("read.csv(pipe('cut -d, -f1 in.csv'))", ("in.csv",)),
    "zip": Case("zip('made.zip', 'in.csv', flags = '-q')", ("in.csv",), ("made.zip",)),
    "pdf": Case("pdf('out.pdf'); plot(1); invisible(dev.off())", (), ("out.pdf",)),
    "pages": Case(
        "postscript('out%d.ps', onefile = FALSE); plot(1); invisible(dev.off())", (), ("out1.ps",)
    ),
}

PACKAGES = {
    "data.table": {
        "fread": Case("data.table::fread('in.csv')", ("in.csv",)),
        "fread file": Case("data.table::fread(file = 'in put 한글.csv')", ("in put 한글.csv",)),
        "fread text": Case("data.table::fread('a,b\\n1,2\\n'); data.table::fread(text = 'a\\n1')"),
        "fread attached": Case("library(data.table); fread('in.tsv')", ("in.tsv",)),
        "fread cmd": Case("data.table::fread(cmd = 'cat in.csv')", ("in.csv",)),
        "fread none": Case("try(data.table::fread('none.csv'), silent = TRUE)"),
        "fwrite": Case("data.table::fwrite(table, 'f w.csv')", (), ("f w.csv",)),
        "fwrite gz": Case("data.table::fwrite(table, 'fw.csv.gz')", (), ("fw.csv.gz",)),
        "fwrite nowhere": Case("invisible(capture.output(data.table::fwrite(table[1:2, ])))"),
    },
    "readr": {
        "read_csv": Case("readr::read_csv('in.csv')", ("in.csv",)),
        "read_csv gz": Case("readr::read_csv('in.csv.gz')", ("in.csv.gz",)),
        "read_csv spaces": Case("readr::read_csv('in put 한글.csv')", ("in put 한글.csv",)),
        "read_csv lazy": Case("x <- readr::read_csv('in.csv', lazy = TRUE); sum(x$a)", ("in.csv",)),
        "read_csv two": Case("readr::read_csv(c('in.csv', 'in2.csv'))", ("in.csv", "in2.csv")),
        "read_csv text": Case("readr::read_csv(I('a,b\\n1,2\\n'))"),
        "read_csv connection": Case("readr::read_csv(file('in.csv'))", ("in.csv",)),
        "read_csv first": Case("readr::with_edition(1, readr::read_csv('in.csv'))", ("in.csv",)),
        "read_csv none": Case("try(readr::read_csv('none.csv'), silent = TRUE)"),
        "read_tsv": Case("readr::read_tsv('in.tsv')", ("in.tsv",)),
        "read_delim": Case("readr::read_delim('in.csv', ',')", ("in.csv",)),
        "read_lines": Case("readr::read_lines('in.csv')", ("in.csv",)),
        "read_file": Case("readr::read_file('in.csv')", ("in.csv",)),
        "read_rds": Case("readr::read_rds('in.rds')", ("in.rds",)),
        "chunked": Case(
            "readr::read_csv_chunked('in.csv', function(x, at) invisible())", ("in.csv",)
        ),
        "write_csv": Case("readr::write_csv(table, 'r 한글.csv')", (), ("r 한글.csv",)),
        "write_csv gz": Case("readr::write_csv(table, 'r.csv.gz')", (), ("r.csv.gz",)),
        "write_excel_csv": Case("readr::write_excel_csv(table, 'rx.csv')", (), ("rx.csv",)),
        "write_lines": Case("readr::write_lines('a', 'r.txt')", (), ("r.txt",)),
        "write_file": Case("readr::write_file('a', 'rf.txt')", (), ("rf.txt",)),
        "write_rds": Case("readr::write_rds(table, 'r.rds')", (), ("r.rds",)),
        "format": Case("readr::format_csv(table)"),
    },
    "vroom": {
        "vroom": Case("vroom::vroom('in.csv')", ("in.csv",)),
        "vroom_lines": Case("vroom::vroom_lines('in.csv')", ("in.csv",)),
        "vroom_write": Case("vroom::vroom_write(table, 'v.tsv')", (), ("v.tsv",)),
        "vroom_write_lines": Case("vroom::vroom_write_lines('a', 'v.txt')", (), ("v.txt",)),
    },
    "readxl": {
        "read none": Case("try(readxl::read_excel('none.xlsx'), silent = TRUE)"),
        "read_excel": Case("readxl::read_excel('in.xlsx')", ("in.xlsx",)),
        "read_xlsx": Case("library(readxl); read_xlsx('in.xlsx', sheet = 1)", ("in.xlsx",)),
        "read_xls": Case("readxl::read_xls('in.xls')", ("in.xls",)),
        "excel_sheets": Case("readxl::excel_sheets('in.xlsx')", ("in.xlsx",)),
    },
    "haven": {
        "write_sav": Case("haven::write_sav(table, 'h 한글.sav')", (), ("h 한글.sav",)),
        "write_dta": Case("haven::write_dta(table, 'h.dta')", (), ("h.dta",)),
        "write_xpt": Case("haven::write_xpt(table, 'h.xpt')", (), ("h.xpt",)),
        "read_sav": Case("haven::read_sav('h 한글.sav')", ("h 한글.sav",)),
        "read_spss": Case("haven::read_spss('h 한글.sav')", ("h 한글.sav",)),
        "read_dta": Case("haven::read_dta('h.dta', col_select = a)", ("h.dta",)),
        "read_stata": Case("library(haven); read_stata('h.dta')", ("h.dta",)),
        "read_xpt": Case("haven::read_xpt('h.xpt')", ("h.xpt",)),
    },
    "RSQLite": {
        "RSQLite": Case(
            "db <- DBI::dbConnect(RSQLite::SQLite(), 'in.sqlite')\n"
            "DBI::dbWriteTable(db, 'customers', table); DBI::dbDisconnect(db)",
            (),
            ("in.sqlite",),
        ),
        "dbGetQuery": Case(
            "library(RSQLite); db <- dbConnect(SQLite(), 'in.sqlite')\n"
            "dbGetQuery(db, 'select * from customers'); dbListTables(db); dbDisconnect(db)",
            ("in.sqlite",),
        ),
        "dbExecute": Case(
            "db <- dbConnect(SQLite(), 'in.sqlite')\n"
            "dbExecute(db, 'insert into customers values (?, ?, ?)', list(1, 1, 'x'))",
            ("in.sqlite",),
            ("in.sqlite",),
        ),
        "dbWriteTable": Case(
            "dbDisconnect(db); db <- dbConnect(SQLite(), 'in.sqlite')\n"
            "dbWriteTable(db, 'again', 'in.csv'); dbDisconnect(db)",
            ("in.csv", "in.sqlite"),
            ("in.sqlite",),
        ),
        "in memory": Case(
            "m <- dbConnect(SQLite(), ':memory:'); dbWriteTable(m, 't', table); dbDisconnect(m)"
        ),
        "read only": Case(
            "r <- dbConnect(SQLite(), 'in.sqlite', flags = SQLITE_RO)\n"
            "x <- dbSendQuery(r, 'select a from customers'); dbFetch(x); dbClearResult(x)\n"
            "sqliteCopyDatabase(r, 'copied.sqlite'); dbDisconnect(r)",
            ("in.sqlite",),
            ("copied.sqlite",),
        ),
    },
    "R.utils": {
        "fread gz": Case("data.table::fread('in.csv.gz')", ("in.csv.gz",)),
    },
    "brio": {
        "brio": Case(
            "brio::write_lines('a', 'brio.txt'); brio::read_lines('brio.txt')",
            ("brio.txt",),
            ("brio.txt",),
        ),
    },
    "foreign": {
        "write.dta": Case("foreign::write.dta(table, 'f.dta')", (), ("f.dta",)),
        "write.dbf": Case("foreign::write.dbf(table, 'f.dbf')", (), ("f.dbf",)),
        "read.dta": Case("foreign::read.dta('f.dta')", ("f.dta",)),
        "read.dbf": Case("foreign::read.dbf('f.dbf')", ("f.dbf",)),
    },
    "fs": {
        "file_copy": Case("fs::file_copy('in.csv', 'fs.csv')", ("in.csv",), ("fs.csv",)),
        "file_create": Case("fs::file_create('fs.txt')", (), ("fs.txt",)),
    },
    "jpeg": {
        "writeJPEG": Case("jpeg::writeJPEG(matrix(0, 2, 2), 'p.jpg')", (), ("p.jpg",)),
        "readJPEG": Case("jpeg::readJPEG('p.jpg')", ("p.jpg",)),
    },
    "ncdf4": {
        "nc_create": Case(
            "library(ncdf4); x <- ncdim_def('x', '', 1:3)\n"
            "n <- nc_create('n.nc', ncvar_def('v', '', x)); nc_close(n)",
            (),
            ("n.nc",),
        ),
        "nc_open": Case("n <- nc_open('n.nc'); ncvar_get(n, 'v'); nc_close(n)", ("n.nc",)),
    },
    "openxlsx": {
        "write.xlsx": Case("openxlsx::write.xlsx(table, 'o.xlsx')", (), ("o.xlsx",)),
        "read.xlsx": Case("openxlsx::read.xlsx('o.xlsx')", ("o.xlsx",)),
        "workbook": Case(
            "w <- openxlsx::loadWorkbook('o.xlsx'); openxlsx::saveWorkbook(w, 'o2.xlsx')",
            ("o.xlsx",),
            ("o2.xlsx",),
        ),
    },
    "png": {
        "writePNG": Case("png::writePNG(matrix(0, 2, 2), 'p.png')", (), ("p.png",)),
        "readPNG": Case("png::readPNG('p.png')", ("p.png",)),
    },
    "xml2": {
        "read_xml text": Case("xml2::read_xml('<a/>')"),
        "write_xml": Case("xml2::write_xml(xml2::read_xml('<a/>'), 'x.xml')", (), ("x.xml",)),
        "read_xml": Case("xml2::read_xml('x.xml')", ("x.xml",)),
        "read_html": Case("xml2::read_html('x.xml')", ("x.xml",)),
    },
}
