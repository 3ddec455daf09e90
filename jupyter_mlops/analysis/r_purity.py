"""What is known of R's functions: which hide what they change, and which reach out of R.

Values in R are copied when they are changed, so a function of a package that is trusted changes
nothing but what is said here. Of other packages nothing is known.
"""

from __future__ import annotations

import re

DEFAULT = frozenset(
    """
    base methods datasets utils grDevices graphics stats
    """.split()  # noqa: SIM905 - to be read
)
"""Packages that are attached from the start."""

TRUSTED = DEFAULT | frozenset(
    """
    broom caret cowplot data.table dplyr e1071 forcats ggplot2 glmnet grid gridExtra haven knitr
    lattice lme4 lubridate magrittr MASS Matrix modelr nlme nnet patchwork pROC purrr randomForest
    readr readxl reshape2 ROCR rpart scales splines stats4 stringr survival tibble tidyr tidyverse
    tools viridis zoo
    """.split()  # noqa: SIM905 - to be read
)
"""Packages whose functions leave what they are given as it is, but for those that are HIDING."""

_HIDING = {
    "may bind names that the code does not tell": """
        assign delayedAssign list2env makeActiveBinding attach detach load source sys.source
        unloadNamespace assignInNamespace assignInMyNamespace fixInNamespace fix edit data.entry
    """,
    "runs code that is put together as it runs": """
        eval evalq eval.parent parse str2lang str2expression eval_tidy parse_expr
    """,
    "looks for names that the code does not tell": """
        ls objects get get0 mget exists dynGet ls.str save.image getAnywhere sys.function
        sys.frames glue str_glue glue_data str_glue_data
    """,
    "gives an environment, which is changed in place": """
        new.env environment environment<- as.environment globalenv parent.frame sys.frame topenv
        parent.env emptyenv setRefClass lockBinding unlockBinding lockEnvironment reg.finalizer
    """,
    "is about a connection, and what that gives depends on what it gave before": """
        file url gzfile bzfile xzfile unz pipe fifo textConnection rawConnection socketConnection
        open close seek stdin pushBack
    """,
    "changes what other functions do": """
        setClass setMethod setGeneric setValidity setClassUnion setIs setAs removeMethod
        removeClass registerS3method registerS3methods setReplaceMethod trace untrace setHook
        addTaskCallback globalCallingHandlers
    """,
    "changes where the outputs of other cells go": """
        sink dev.set dev.new dev.off graphics.off pdf png jpeg svg tiff bmp postscript cairo_pdf
    """,
    "runs code that is not R's": ".Call .External .External2 .C .Fortran .Internal dyn.load",
    "may change a table in place": """
        := set setDT setDF setnames setkey setkeyv setorder setorderv setcolorder setindex setattr
        setalloccol setindexv setDTthreads
    """,
}
HIDING = {name: why for why, names in _HIDING.items() for name in names.split()}
"""Functions after which nothing is certain, and why."""

SETTINGS = frozenset(
    """
    options par layout palette setwd Sys.setenv Sys.unsetenv Sys.setlocale Sys.umask RNGkind
    theme_set theme_update theme_replace update_geom_defaults update_stat_defaults lattice.options
    trellis.par.set .libPaths
    """.split()  # noqa: SIM905 - to be read
)
"""Functions that set something for all that comes after."""

WRITES = re.compile(
    r"^(write[._]\w+|write|fwrite|save|saveRDS|dump|dput|ggsave|unlink|dir\.create|system2?|shell"
    r"|file\.(remove|copy|rename|create|append|symlink|link)|download\.file|unzip|untar|zip|tar"
    r"|(install|remove|update)\.packages|Sys\.(chmod|setFileTime)|knit)$"
)
TO_FILE = frozenset({"cat", "writeLines", "print", "capture.output"})
"""Functions that write to a file if they are given one by name."""

READS = re.compile(
    r"^(read\w*|read[._]\w+|scan|fread|readline|menu|Sys\.(time|Date|getpid|info|getenv|glob)|date"
    r"|proc\.time|file\.(exists|info|size|mtime|access)|dir\.exists|list\.(files|dirs)|dir|getwd"
    r"|tempfile|tempdir|now|today|object\.size|gc|sessionInfo|excel_sheets|installed\.packages)$"
)
"""Functions that may give another result for the same arguments."""

ATTACHES = frozenset({"library", "require"})
BY_NAME = frozenset(
    """
    do.call match.fun sapply lapply vapply mapply Map Filter Reduce Find Position apply tapply
    outer aggregate ave by sweep rapply Vectorize Negate map map2 pmap walk imap map_dbl map_chr
    map_int map_lgl map_df map_dfr map_dfc reduce accumulate keep discard
    """.split()  # noqa: SIM905 - to be read
)
"""Functions that may be told by a text what they call."""

LATE = frozenset({"~", "quote", "bquote", "expression", "substitute", "alist"})
"""What keeps code that is run later, as a function does."""

FORCING = frozenset(
    """
    ( { suppressWarnings suppressMessages suppressPackageStartupMessages invisible print
    system.time
    """.split()  # noqa: SIM905 - to be read
)
"""Functions that run what they are given, there and then."""

OPERATORS = frozenset(
    """
    + - * / ^ %% %/% %in% == != < > <= >= & | ! : [ [[ c ( {
    """.split()  # noqa: SIM905 - to be read
)
"""What is given to these is no function that they would call."""

QUIET = (FORCING - {"print"}) | {"requireNamespace", "list", "c", ":"}
"""What neither draws random numbers nor looks at what is set."""
