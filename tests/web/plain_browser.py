"""A browser without scripts: it reads pages, fills their forms as they are, and follows where they lead."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask


@dataclass
class Form:
    """A form of a page; `buttons` are (name, value, words)."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class Reader(HTMLParser):
    """The forms and the words of a page; what lies in a <template> is not on it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self._form: Form | None = None
        self._area = ""
        self._button: tuple[str, str] | None = None
        self._unseen = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._unseen += tag in {"template", "script"}
        if self._unseen:
            return
        if tag == "form":
            self._form = Form(found.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None and tag in {"input", "textarea"} and "name" in found:
            if found.get("type") == "checkbox" and "checked" not in found:
                return
            self._form.fields[found["name"]] = found.get("value", "on" if found.get("type") == "checkbox" else "")
            self._area = found["name"] if tag == "textarea" else ""
        elif tag == "button" and (form := self._owner(found)) is not None:
            form.buttons.append((found.get("name", ""), found.get("value", ""), found.get("aria-label", "")))
            self._button = (found.get("name", ""), found.get("value", ""))

    def _owner(self, button: dict[str, str]) -> Form | None:
        return self.forms[-1] if "form" in button and self.forms else self._form

    def handle_endtag(self, tag: str) -> None:
        if tag in {"template", "script"}:
            self._unseen -= 1
        if tag == "form":
            self._form = None
        if tag == "textarea":
            self._area = ""
        if tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._area and self._form is not None:
            self._form.fields[self._area] += data.removeprefix("\n")
        self.text.append(data)


class PlainBrowser:
    """One device of one forum. `page` is the last page's HTML, `at` its address, `status` how it was answered."""

    def __init__(self, app: Flask, slug: str) -> None:
        self.client = app.test_client()
        self.slug = slug
        self.page, self.at, self.status = "", "", 0

    def get(self, path: str = "") -> "PlainBrowser":
        return self._keep(self.client.get(f"/f/{self.slug}{path}", follow_redirects=True))

    def forms(self, command: str) -> list[Form]:
        return [form for form in Reader(self.page).forms if form.action.endswith(f"/c/{command}")]

    def send(self, command: str, button: str = "", /, nth: int = 0, **typed: str) -> "PlainBrowser":
        """Fill the page's nth form of this command and press its button whose value is `button`."""
        form = self.forms(command)[nth]
        fields = {**form.fields, **{name.replace("__", "[]"): text for name, text in typed.items()}}
        fields |= {name: value for name, value, _ in form.buttons if name and value == button}
        sent = self.client.post(form.action, data=fields, headers={"Referer": f"http://localhost{self.at}"})
        if sent.status_code == 303:
            return self._keep(self.client.get(sent.headers["Location"], follow_redirects=True))
        return self._keep(sent)

    def reads(self) -> str:
        """The words of the page, spaces made plain."""
        return " ".join(" ".join(Reader(self.page).text).split())

    def _keep(self, response: Any) -> "PlainBrowser":
        self.page, self.at, self.status = response.text, response.request.path, response.status_code
        return self
