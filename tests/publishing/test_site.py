"""An edition as a folder: it opens from a disk, leads nowhere but inside itself, and everybody can read it."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from facilitation.publishing.formats import MAKERS


@pytest.mark.browser
def test_it_opens_from_a_disk_without_scripts_and_without_faults(
    small_book: dict[str, Any], chromium: Browser, tmp_path: Path
) -> None:
    other = tmp_path / "compte-rendu.md"
    other.write_bytes(MAKERS["md"](small_book))
    book = {**small_book, "layout": {"chapters": [], "accent": "#1C5A40", "ground": "#F2C94C"}}
    made = MAKERS["site.zip"](book, files={other.name: str(other)})
    assert made == MAKERS["site.zip"](book, files={other.name: str(other)})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        archive.extractall(tmp_path / "site")
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: asked.append(f"failed: {request.url}"))
    inside = (tmp_path / "site").as_uri()
    for name in ("index.html", "fichiers.html"):
        page.goto((tmp_path / "site" / name).as_uri())
        page.evaluate("document.fonts.ready")
        assert asked
        assert [url for url in asked if not url.startswith(inside)] == []
        assert page.locator("h1").count() == 1
        # axe asks for the style sheets once more, which a browser refuses on a disk.
        assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
        asked.clear()
    assert (tmp_path / "site" / "fichiers" / other.name).read_bytes() == other.read_bytes()
    page.close()
