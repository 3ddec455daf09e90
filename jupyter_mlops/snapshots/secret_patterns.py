"""What secrets look like: in text, by the names of variables and by the names of files."""

from __future__ import annotations

import fnmatch
import re

# first a look at one letter: most places of a text are no begin of a name
_NAME = (
    r"(?=[PSTACpstac])(?:password|passwd|passphrase|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key"
    r"|secret[-_]?key|account[-_]?key|credentials?|auth[-_]?key)"
)
# without what closes a call or a sentence behind it
_UNQUOTED = r"[^\s\"'`\\,;<>|«»]{5,200}[^\s\"'`\\,;<>|«»)\]}.:]"
_SECRET_NAME = re.compile(rf"(?i)(?:^|[-_]){_NAME}(?:[-_]|$)")
_TOKEN_NAME = re.compile(r"(?i)(?:^|[-_])token(?:[-_]|$)")

# the group ``secret`` is masked, or else the whole match; only within a private key there may be
# quotes, in pairs, and backslashes
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        # also with the marks of a diff before its lines, as literals one behind the other, and cut
        (
            "private key",
            r"PRIVATE KEY(?: BLOCK)?-----(?P<secret>[\w+/=\s\"'\\,.:-]{40,32768}?)(?:-----END|\Z)",
        ),
        ("AWS key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        (
            "AWS secret key",
            r"(?i)aws_?secret_?(?:access_?)?key\\?[\"']?\s*[=:]\s*\\?[\"']?"
            r"(?P<secret>[A-Za-z0-9/+]{40})\b",
        ),
        ("GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})"),
        ("GitLab token", r"\bgl(?:pat|ptt|rt|dt)-[A-Za-z0-9_-]{20,}"),
        ("Hugging Face token", r"\bhf_[A-Za-z0-9]{30,}\b"),
        ("package registry token", r"\b(?:npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{40,})"),
        ("package registry token", r"(?i):_auth(?:token)?\s*=\s*(?P<secret>[^\s\"'\\]{8,})"),
        ("package channel token", r"(?<=/t/)(?=[^/]*[0-9])[A-Za-z0-9-]{16,}(?=/)"),
        ("Databricks token", r"\bdapi[0-9a-f]{32}\b"),
        ("DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{64}\b"),
        ("Vault token", r"\bhv[bsr]\.[A-Za-z0-9_-]{20,}"),
        ("SendGrid key", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
        ("Slack token", r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
        ("Slack webhook", r"(?<=hooks\.slack\.com/services/)[A-Za-z0-9/]{20,}"),
        # with a digit and a capital: classes in HTML are called sk-toggleable__label-arrow
        (
            "API key",
            r"\b(?:sk|pk|rk)[-_](?=[\w-]{0,200}[0-9])(?=[\w-]{0,200}[A-Z])[A-Za-z0-9_-]{20,}\b",
        ),
        (
            "Google key",
            r"\b(?:AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20,}|GOCSPX-[0-9A-Za-z_-]{20,})",
        ),
        ("JSON web token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{5,}"),
        ("password in a URL", r"(?<=://)[^\s/:@\"'\\]*:[^\s/\"'\\]+(?=@)"),
        ("token in a URL", r"(?<=://)(?=[^@\s]{0,500}[0-9])[A-Za-z0-9_.~-]{12,500}:?(?=@)"),
        (
            "authorization header",
            r"(?i)\b(?:bearer|basic)\s+(?P<secret>(?=\S*[0-9=])[A-Za-z0-9._~+/-]{16,}=*)",
        ),
        (
            "authorization header",
            r"(?i)\b(?:authorization|x-api-key|api-key|x-auth-token|private-token)\\?[\"']?\s*:\s*"
            r"\\?[\"']?(?:token\s+)?(?P<secret>(?=\S*[0-9])[^\s\"'\\,;{}()\[\]]{8,})",
        ),
        ("cookie", r"(?i)\bcookie\\?[\"']?\s*:\s*\\?[\"']?(?P<secret>[\w.-]+=[^\s\"'\\{}]{12,})"),
        (
            "login of a registry",
            r"\\?[\"']auth\\?[\"']\s*:\s*\\?[\"'](?P<secret>[A-Za-z0-9+/]{12,}=*)",
        ),
        (
            "secret in a query",
            r"(?i)[?&](?:[a-z_-]*(?:token|key|secret|signature|sig|password|pwd))="
            r"(?P<secret>[^&#\s\"'\\<>]{6,})",
        ),
        (
            "connection string",
            r"(?i)(?<=;)\s*(?:pwd|password|accountkey|sharedaccesskey|sharedaccesssignature)\s*="
            r"\s*(?P<secret>[^;\"'\\\s]{4,})",
        ),
        # libpq's, with blanks between
        (
            "password of a connection",
            r"\b(?:host|hostaddr|port|dbname|user|sslmode)=[^\s\"'\\,()]{1,200}"
            r"(?:\s+\w{1,40}=[^\s\"'\\,()]{1,200}){0,12}?"
            r"\s+password=(?P<secret>[^\s\"'\\,()]+)",
        ),
        (
            "password of a connection",
            r"\bpassword=(?P<secret>[^\s\"'\\,()]+)\s+(?:host|hostaddr|port|dbname|user|sslmode)=",
        ),
        # also as a list of arguments
        (
            "password of a command",
            r"\bcurl\b[^\n]{0,300}?(?<![\w-])(?:-u|--user)[\s=\"'\\,]{1,9}[^\s:\"'\\]{1,80}:"
            r"(?P<secret>[^\s\"'\\]{4,})",
        ),
        (
            "password of a command",
            r"\bsshpass[\s\"'\\,]{1,9}-p[\s\"'\\,]{0,9}(?P<secret>[^\s\"'\\,]{4,})",
        ),
        ("password of .netrc", r"\blogin\s+\S+\s+password\s+(?P<secret>[^\s\"'\\]+)"),
        (
            "environment variable",
            r"(?<![A-Za-z0-9_])[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY"
            r"|PRIVATE_?KEY|CREDENTIALS?)[A-Z0-9_]*=(?P<secret>[^\s\"'\\()\[\]{}]{6,})",
        ),
        # to the quote at its end, whatever is in between
        (
            "assigned secret",
            rf"(?i)(?<![a-z]){_NAME}(?:[-_][a-z0-9]{{1,40}}){{0,6}}(?:\\?[\"'])?\]?"
            r"\s*(?:=|:)\s*[rbf]?(?P<quote>\\?[\"'])(?P<secret>(?=[^\"'\\\s]{6})"
            r"(?:(?:(?!(?P=quote))(?:\\.|[^\\\n])){6,200}(?=(?P=quote))|[^\"'\\\s]+))",
        ),
        # as YAML, INI files and commands have them; ``is_secret`` tells them from code and words
        (
            "unquoted secret",
            rf"(?i)(?<![\w-])--(?:[a-z0-9]{{1,20}}-){{0,3}}(?P<name>{_NAME})"
            rf"(?:[ \t=]+|\\?[\"'],\s*\\?[\"'])(?P<secret>{_UNQUOTED})",
        ),
        (
            "unquoted secret",
            rf"(?i)(?P<name>{_NAME})(?:[-_]?[0-9]{{1,2}})?[ \t]*[=:][ \t]*"
            rf"(?P<secret>{_UNQUOTED})",
        ),
        # names as JSON has them
        (
            "assigned secret",
            r"\b[A-Za-z0-9]*(?:Password|Secret|ApiKey|AccessKey|PrivateKey|AccountKey|Token)\\?[\"']"
            r"\s*:\s*\\?[\"'](?P<secret>(?=[^\"'\\\s]*[0-9])[^\"'\\\s]{8,})",
        ),
    )
)
# without one of these in the text (lower case) a pattern cannot match: much faster to look for
_NAMED = ("password", "passwd", "passphrase", "pwd", "secret", "token", "key", "credential")
HINTS: dict[str, tuple[str, ...]] = {
    "private key": ("private key",),
    "AWS key": ("akia", "asia"),
    "AWS secret key": ("aws",),
    "GitHub token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    "GitLab token": ("glpat-", "glptt-", "glrt-", "gldt-"),
    "Hugging Face token": ("hf_",),
    "package registry token": ("npm_", "pypi-", ":_auth"),
    "package channel token": ("/t/",),
    "Databricks token": ("dapi",),
    "DigitalOcean token": ("_v1_",),
    "Vault token": ("hvs.", "hvb.", "hvr."),
    "SendGrid key": ("sg.",),
    "Slack token": ("xox",),
    "Slack webhook": ("hooks.slack.com",),
    "API key": ("sk-", "sk_", "pk-", "pk_", "rk-", "rk_"),
    "Google key": ("aiza", "ya29.", "gocspx-"),
    "JSON web token": ("eyj",),
    "password in a URL": ("://",),
    "token in a URL": ("://",),
    "authorization header": ("bearer", "basic", "authorization", "-key", "-token"),
    "cookie": ("cookie",),
    "login of a registry": ("auth",),
    "secret in a query": ("=",),
    "connection string": (";",),
    "password of a connection": ("password=",),
    "password of a command": ("curl", "sshpass"),
    "password of .netrc": ("login",),
    "environment variable": _NAMED,
    "assigned secret": _NAMED,
    "unquoted secret": _NAMED,
}
_SECRET_FILES = (
    ".env",
    ".env.*",
    "*.pem",
    "*.key",
    "id_rsa*",
    "id_ed25519*",
    "credentials*",
    ".netrc",
    ".pgpass",
    "*.p12",
    "*.pfx",
    "*secret*",
)
_SECRET_FILE = re.compile("|".join(map(fnmatch.translate, _SECRET_FILES)))
_SHORTEST = 6
_SHORTEST_KEY = 8
_PASSWORDS = {"password", "passwd", "passphrase", "pwd"}
_NO_SECRET = re.compile(
    r"""(?xi)
      ^ (?: [=:({\[] | -- | \$[{(] | \$\w+$ | %\( )      # an operator, an option, a template
    | ^ (?: / | ~ | \.\.?/ | [a-z]:/ ) | ://             # a path, a URL
    | \. (?: cfg | crt | csv | env | ini | json | key | pem | py | toml | txt | ya?ml ) $
    | [\w)] [(\[]                                       # a call, a subscript
    | ^ [a-z_]\w* (?: \.[a-z_]\w* )+ $                  # an attribute
    | ^ [a-z]+ (?: _[a-z]+ )+ _?v?\d? $                 # names of variables
    | ^ [a-z_]* (?: pass | pwd | secret | token | key | cred ) [a-z_]* \d? $
    | ^ [-+]?\d [\d_.]* (?: e[-+]?\d+ )? %? $            # a number, a date, a type
    | ^ \d+ (?: [-/:.t]\d+ )+ z? $
    | ^ (?: aes | base | b?float | bytes | complex | datetime | [ehpr]s | md | oauth | sha | str
          | timedelta | u?int | utf ) [-_]?\d+ (?: _t | \[\w+\] )? $
    """
)
_RANDOM_LENGTH = 16


def is_secret_name(name: str) -> bool:
    """Tell whether a variable's name says that it holds a secret."""
    return bool(_SECRET_NAME.search(name))


def is_secret_file(name: str) -> bool:
    """Tell whether a file's name says that it holds secrets, so that its bytes are not kept."""
    return _SECRET_FILE.match(name.lower()) is not None


def is_known_secret(name: str, value: str) -> bool:
    """Tell whether a value is to be masked wherever it appears, by the name that it has.

    What is called a token may be a word of a text: it has to look random too.
    """
    if not is_secret_name(name) or len(value) < _SHORTEST or value.isdigit():
        return False
    return looks_random(value) if _TOKEN_NAME.search(name) else True


def is_secret(kind: str, match: re.Match[str]) -> bool:
    """Tell whether what a pattern of ``kind`` found is a secret.

    What stands without quotes behind a name may be code, a type, a path or a word as well.
    """
    if kind != "unquoted secret":
        return True
    name, value = match["name"].lower(), match["secret"]
    if name in _PASSWORDS and value.isdigit():
        return True
    if _NO_SECRET.search(value) or len(set(value)) == 1 or (name == "pwd" and "/" in value):
        return False
    if name == "token" and not match[0].startswith("--"):
        return looks_random(value)
    has_digit, has_letter = re.search(r"\d", value), re.search(r"[^\W\d_]", value)
    if name in _PASSWORDS:
        return bool((has_digit and has_letter) or re.search(r"[!@#$%^&*+?~]", value))
    return bool(has_digit and has_letter and len(value) >= _SHORTEST_KEY)


def looks_random(value: str) -> bool:
    """Tell whether a value looks like a key that a machine made."""
    return (
        len(value) >= _RANDOM_LENGTH
        and not re.search(r"\s", value)
        and bool(re.search(r"\d", value))
        and bool(re.search(r"[A-Za-z]", value))
    )
