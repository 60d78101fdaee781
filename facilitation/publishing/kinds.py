"""What can be made, by name: a server knows these without loading what makes them."""

QUICK = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "html": "text/html",
    "md": "text/markdown",
    "csv.zip": "application/zip",
    "ics": "text/calendar",
    "json": "application/json",
}
"""The formats that are quick to make, by the ending of their file, and what each is to a browser."""

SITE = "site.zip"
KINDS = {"pdf": "application/pdf", **QUICK, SITE: "application/zip"}
"""The files of an edition, in the order they are made."""

# The print kit.
PARTS = ("posters", "principles", "doors", "tables", "cards", "sheets", "grid")
# Cards each with a number and a code of its own: made for the asking, never twice the same.
CODED = "coded"
# Made apart: each badge bears a code that serves once.
BADGES = "badges"
# A3 is A4 drawn larger.
ZOOMS = {"a4": 1.0, "a3": 420 / 297}
