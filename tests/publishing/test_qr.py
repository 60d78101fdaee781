import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest
import zxingcpp
from PIL import Image

from facilitation.domain.typography import plain
from facilitation.publishing import qr
from facilitation.publishing.poster import poster


def drawn(lines: list[str]) -> Image.Image:
    """Half blocks as pixels, as a terminal shows them."""
    image = Image.new("L", (len(lines[0]), 2 * len(lines)), 255)
    for y, line in enumerate(lines):
        for x, character in enumerate(line):
            image.putpixel((x, 2 * y), 0 if character in "▀█" else 255)
            image.putpixel((x, 2 * y + 1), 0 if character in "▄█" else 255)
    return image.resize((image.width * 8, image.height * 8), Image.Resampling.NEAREST)


def rectangles(svg: str) -> Image.Image:
    side = int(re.findall(r'viewBox="0 0 (\d+) \1"', svg)[0])
    image = Image.new("L", (side, side), 255)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg):
        image.paste(0, (int(x), int(y), int(x) + int(length), int(y) + 1))
    return image.resize((side * 8, side * 8), Image.Resampling.NEAREST)


@pytest.mark.parametrize("payload", ["http://192.168.1.10:8000/k7", qr.wifi("Salle des fêtes", 'a;b,c"d\\e:f')])
def test_codes_read_back(payload: str) -> None:
    lines = qr.terminal(payload, colours=False).split("\n")
    assert [found.text for found in zxingcpp.read_barcodes(drawn(lines))] == [payload]
    svg = str(qr.svg(payload, "Le code"))
    assert "<title>Le code</title>" in svg
    assert [found.text for found in zxingcpp.read_barcodes(rectangles(svg))] == [payload]


def test_four_modules_of_quiet() -> None:
    svg = str(qr.svg("http://forum.test", "x"))
    across = qr.modules_across("http://forum.test")
    corners = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h\d+v1", svg)]
    assert (min(x for x, _ in corners), min(y for _, y in corners)) == (4, 4)
    assert max(y for _, y in corners) == across - 5


def test_wifi_special_characters_are_escaped() -> None:
    assert qr.wifi("Préau; été", 'mot:"x"') == 'WIFI:T:WPA;S:Préau\\; été;P:mot\\:\\"x\\";;'
    assert qr.wifi("Ouvert", hidden=True) == "WIFI:T:nopass;S:Ouvert;H:true;;"


def test_a_title_in_the_code_is_text() -> None:
    assert "<script" not in qr.svg("x", "</title><script>")


@pytest.mark.parametrize("wifi", [None, {"name": "Salle des fêtes", "password": "merci;beau"}])
def test_the_poster_holds_codes_that_read(wifi: dict[str, str] | None, tmp_path: Path) -> None:
    made = poster("Vivre ici en 2035", "http://forum.test/k7", wifi=wifi)
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) == 1
    (tmp_path / "poster.pdf").write_bytes(made)
    subprocess.run(["pdftoppm", "-r", "100", "-gray", "-png", tmp_path / "poster.pdf", tmp_path / "page"], check=True)
    picture = next(tmp_path.glob("page*.png"))
    with Image.open(picture) as image:
        read = {found.text for found in zxingcpp.read_barcodes(image)}
    assert read == {"http://forum.test/k7"} | ({qr.wifi(wifi["name"], wifi["password"])} if wifi else set())


def test_the_poster_says_to_stay_connected() -> None:
    made = poster("Vivre ici", "http://forum.test/k7", wifi={"name": "Préau", "password": "x"})
    text = plain(pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text())
    assert "Restez connecté même si le téléphone dit « pas d'Internet »" in text


def test_the_poster_is_black_and_white(tmp_path: Path) -> None:
    (tmp_path / "poster.pdf").write_bytes(poster("Vivre ici", "http://forum.test/k7"))
    subprocess.run(["pdftoppm", "-r", "30", "-png", tmp_path / "poster.pdf", tmp_path / "page"], check=True)
    with Image.open(next(tmp_path.glob("page*.png"))) as image:
        colours: Any = image.convert("RGB").getcolors(1 << 20)
    assert all(red == green == blue for _, (red, green, blue) in colours)
