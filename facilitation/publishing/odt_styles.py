"""How the OpenDocument text looks: the common styles in its own words, its page, the marks of its lists."""

from markupsafe import escape

from facilitation.publishing.looks import BULLETS, HAIR, HEAD, INK, Look, accented

PAGE = {
    "fo:page-width": "210mm", "fo:page-height": "297mm", "fo:margin-top": "20mm", "fo:margin-bottom": "12mm",
    "fo:margin-left": "22mm", "fo:margin-right": "22mm",
}  # fmt: skip
FOOTER_PLACE = (
    '<style:footer-style><style:header-footer-properties fo:min-height="8mm" fo:margin-top="6mm"/></style:footer-style>'
)
FOOTER = (
    '<style:footer><text:p text:style-name="Footer"><text:page-number text:select-page="current">1</text:page-number></text:p>'
    "</style:footer>"
)


HEADER_PLACE = (
    '<style:header-style><style:header-footer-properties fo:min-height="6mm" fo:margin-bottom="4mm"/></style:header-style>'
)


def header(word: str) -> str:
    """What stands at the head of every page."""
    return f'<style:header><text:p text:style-name="Footer">{escape(word)}</text:p></style:header>'


def paragraphs(language: str, country: str, accent: str = INK) -> list[str]:
    """Every style of a paragraph; `accent` is the colour of titles."""
    return [_paragraph(look, f'fo:language="{language}" fo:country="{country}"') for look in accented(accent)]


def lists() -> list[str]:
    """The marks of both kinds of lists."""
    return [_list(name) for name in ("Bullets", "Numbers")]


def characters() -> list[str]:
    """What words in a line can be."""
    strong, slanted = 'fo:font-weight="bold"', 'fo:font-style="italic"'
    return [
        f'<style:style style:name="{name}" style:display-name="{name.replace("_20_", " ")}" style:family="text">'
        f"<style:text-properties {looks}/></style:style>"
        for name, looks in (("Strong", strong), ("Emphasis", slanted), ("Strong_20_Emphasis", f"{strong} {slanted}"))
    ]


def tables() -> list[str]:
    """Hairlines between rows, no cage; widths in millimetres."""
    columns = {"Number": 11, "Topic": 97, "TopicWide": 121, "Votes": 24, "Fate": 34}
    cell = f'fo:border="none" fo:border-bottom="0.5pt solid #{HAIR}" fo:padding="0.9mm 2mm 0.9mm 0mm"'
    return [
        _style("Table", "table", 'style:table-properties style:width="166mm" table:align="left"'),
        *(_style(name, "table-column", f'style:table-column-properties style:column-width="{wide}mm"')
          for name, wide in columns.items()),
        _style("Column", "table-column", 'style:table-column-properties style:rel-column-width="1*"'),
        _style("Whole", "table-row", 'style:table-row-properties fo:keep-together="always"'),
        _style("Cell", "table-cell", f"style:table-cell-properties {cell}"),
    ]  # fmt: skip


def _style(name: str, family: str, properties: str) -> str:
    return f'<style:style style:name="{name}" style:family="{family}"><{properties}/></style:style>'


def _paragraph(look: Look, tongue: str) -> str:
    level = f' style:default-outline-level="{look.level}"' if look.level else ""
    keeps = ' fo:keep-with-next="always"' if look.clings else ""
    breaks = ' fo:break-before="page"' if look.level == 1 else ""
    weight, slant = "bold" if look.bold else "normal", "italic" if look.italic else "normal"
    return (
        f'<style:style style:name="{look.odt.replace(" ", "_20_")}" style:display-name="{look.odt}" style:family="paragraph"'
        f' style:parent-style-name="Standard" style:class="text"{level}>'
        f'<style:paragraph-properties fo:margin-top="{look.before}pt" fo:margin-bottom="{look.after}pt" fo:text-align="start"'
        f' fo:line-height="{round(look.leading * 100)}%" fo:margin-left="{look.indent}mm" fo:orphans="2" fo:widows="2"'
        f"{keeps}{breaks}/>"
        f'<style:text-properties fo:font-family="{look.face}" fo:font-size="{look.size}pt" fo:font-weight="{weight}"'
        f' fo:color="#{look.colour}" fo:font-style="{slant}" {tongue}'
        f' style:font-family-generic="{"swiss" if look.face == HEAD else "roman"}"/></style:style>'
    )


def _list(name: str) -> str:
    levels = "".join(_level(depth, ordered=name == "Numbers") for depth in range(1, 11))
    return f'<text:list-style style:name="{name}" style:display-name="{name}">{levels}</text:list-style>'


def _level(depth: int, *, ordered: bool) -> str:
    kind = "number" if ordered else "bullet"
    mark = 'style:num-suffix="." style:num-format="1"' if ordered else f'text:bullet-char="{BULLETS[min(depth - 1, 2)]}"'
    return (
        f'<text:list-level-style-{kind} text:level="{depth}" {mark}>'
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
        f'<style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-6mm"'
        f' fo:margin-left="{6 * depth}mm"/>'
        f"</style:list-level-properties></text:list-level-style-{kind}>"
    )
