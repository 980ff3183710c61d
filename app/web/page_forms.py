"""The forms of a page as it is sent: what they show, and the page with one of them filled in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from werkzeug.datastructures import MultiDict

TOKEN = "csrf_token"  # noqa: S105 -- a name
TICKED = ("radio", "checkbox")
NO_VALUE = ("image", "reset", "file", "password")
Attributes = dict[str, str | None]


@dataclass
class Control:
    """Something to fill in: a tag of the page from `start` to `end`, with the text up to `closed` if it has one."""

    kind: str
    name: str
    attributes: Attributes
    start: int
    end: int
    closed: int = 0

    @property
    def value(self) -> str:
        """What it stands for."""
        return self.attributes.get("value") or ("on" if self.kind in TICKED else "")

    def takes(self, name: str, value: str) -> bool:
        """Whether it can hold this."""
        is_choice = self.kind in (*TICKED, "option")
        return self.name == name and (not is_choice or self.value == value)

    def filled_in(self, fields: MultiDict[str, str]) -> str:
        """It, holding what was sent."""
        sent = fields.getlist(self.name)
        if self.kind in (*TICKED, "option"):
            state = "selected" if self.kind == "option" else "checked"
            kept = {name: value for name, value in self.attributes.items() if name != state}
            return self._tag({**kept, state: None} if self.value in sent else kept)
        if not sent:
            return self._tag(self.attributes)
        if self.kind == "textarea":
            return f"{self._tag(self.attributes)}\n{escape(sent[0])}"
        return self._tag({**self.attributes, "value": sent[0]})

    def _tag(self, attributes: Attributes) -> str:
        name = self.kind if self.kind in ("option", "textarea") else "input"
        parts = [key if value is None else f'{key}="{escape(value)}"' for key, value in attributes.items()]
        return f"<{' '.join([name, *parts])}>"


@dataclass
class PageForm:
    """A form that is posted."""

    action: str
    begins: int
    hidden: list[tuple[str, str]] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    buttons: dict[tuple[str, str], str] = field(default_factory=dict)

    def address_on(self, page: str) -> str:
        """The path it is sent to from this page."""
        return urlsplit(urljoin(page, self.action)).path

    def shows(self, fields: MultiDict[str, str]) -> bool:
        """Whether it is the form that was sent: the same hidden values, and a place for everything else."""
        sent = list(fields.items(multi=True))
        others = [pair for pair in sent if pair not in self.hidden and pair not in self.buttons]
        return all(pair in sent for pair in self.hidden) and all(
            any(control.takes(*pair) for control in self.controls) for pair in others
        )

    def holds(self, fields: MultiDict[str, str]) -> bool:
        """Whether something that was sent is filled in, other than by pressing a button."""
        sent = [pair for pair in fields.items(multi=True) if pair[1].strip()]
        return any(control.takes(*pair) for control in self.controls for pair in sent)

    def pressed(self, fields: MultiDict[str, str]) -> str:
        """The words of the button that was pressed, if it has a name."""
        words = (self.buttons.get(pair) for pair in fields.items(multi=True))
        return next((text for text in words if text), "")


def forms_of(content: str) -> list[PageForm]:
    """The forms of a page, or of a part of one."""
    reader = _Reader(content)
    reader.feed(content)
    reader.close()
    return reader.forms


def filled_in(content: str, form: PageForm, fields: MultiDict[str, str], words: str) -> str:
    """The page with what was sent in this form, and words that say so at its beginning."""

    def parts() -> Iterator[str]:
        done = form.begins
        yield f'{content[:done]}<p class="saved-beside">{escape(words)}</p>'
        for control in form.controls:
            yield content[done : control.start] + control.filled_in(fields)
            done = control.closed or control.end
        yield content[done:]

    return "".join(parts())


class _Reader(HTMLParser):
    """Finds the forms and where in the text their fields are."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._lines = [0, *(found.end() for found in re.finditer("\n", content))]
        self._form: PageForm | None = None
        self._select = ""
        self._text: Control | None = None
        self._button: tuple[str, str] | None = None

    @property
    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms and fields; what is disabled is not sent."""
        attributes = dict(attrs)
        end = self._here + len(self.get_starttag_text() or "")
        if tag == "form" and attributes.get("method") == "post":
            self._form = PageForm(attributes.get("action") or "", end)
        elif self._form and "disabled" not in attributes:
            self._note(self._form, tag, attributes, end)

    def _note(self, form: PageForm, tag: str, attributes: Attributes, end: int) -> None:
        name, value = attributes.get("name") or "", attributes.get("value") or ""
        kind = attributes.get("type") or "text"
        if tag == "select":
            self._select = name
        elif tag == "option":
            form.controls.append(Control("option", self._select, attributes, self._here, end))
        elif not name or name == TOKEN:
            return
        elif tag == "button" or kind == "submit":
            self._button = (name, value)
            form.buttons[self._button] = ""
        elif tag == "textarea":
            self._text = Control("textarea", name, attributes, self._here, end)
            form.controls.append(self._text)
        elif tag == "input" and kind == "hidden":
            form.hidden.append((name, value))
        elif tag == "input" and kind not in NO_VALUE:
            form.controls.append(Control(kind, name, attributes, self._here, end))

    def handle_data(self, data: str) -> None:
        """Note the words of a button."""
        if self._form and self._button:
            self._form.buttons[self._button] = f"{self._form.buttons[self._button]} {data}".strip()

    def handle_endtag(self, tag: str) -> None:
        """Note what ends."""
        if tag == "form" and self._form:
            self.forms.append(self._form)
            self._form = None
        elif tag == "textarea" and self._text:
            self._text.closed, self._text = self._here, None
        elif tag == "button":
            self._button = None
