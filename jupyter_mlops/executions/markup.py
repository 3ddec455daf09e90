"""HTML and SVG without what libraries make up anew each time: ids, styles, the date of drawing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_MADE_UP = {"id", "for", "class", "style", "aria-labelledby", "headers"}
_ID = re.compile(r"""\bid\s*=\s*["']([^"']+)["']""")
_NAME = re.compile(r"""(?<=["'#])[^"'#()\s]+(?=["')\s])""")
_DATE = re.compile(r"<dc:date>[^<]*</dc:date>")


def plain_html(text: str) -> str:
    """Return HTML as one line for each tag and text."""
    parser = _Html()
    parser.feed(_numbered(text))
    parser.close()
    return "\n".join(parser.lines)


def plain_svg(text: str) -> str:
    """Return SVG whose ids are numbers, and that does not say when it was drawn."""
    return _DATE.sub("", _numbered(text))


def _numbered(text: str) -> str:
    """Call each id by its place among them, and so wherever something refers to it."""
    names = dict.fromkeys(_ID.findall(text))
    numbers = {name: f"id{number}" for number, name in enumerate(names)}
    return _NAME.sub(lambda found: numbers.get(found[0], found[0]), text)


class _Html(HTMLParser):
    """HTML as one line for each tag and text, without ids, styles and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"style", "script"}:
            self._hidden += 1
        kept = [f" {name}={value}" for name, value in sorted(attrs) if name not in _MADE_UP]
        self.lines.append(f"<{tag}{''.join(kept)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script"} and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.lines.append(" ".join(data.split()))
