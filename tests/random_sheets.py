"""Sheets of any shape, with the letters, links and marks that go wrong."""

from typing import Any

from hypothesis import strategies as st

letters = st.text(st.sampled_from("aéœ’«»\u202f 😀<&\t\u0301ç"), max_size=8)
spans = st.lists(
    st.fixed_dictionaries(
        {"text": letters},
        optional={
            "bold": st.booleans(),
            "italic": st.booleans(),
            "href": st.sampled_from(["https://exemple.fr/é?a=1&b=2", "mailto:a@exemple.fr", "javascript:alert(1)"]),
        },
    ),
    max_size=4,
)
lines = st.builds(lambda kind, inside: {"type": kind, "spans": inside}, st.sampled_from(["paragraph", "heading"]), spans)


def around(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    few = st.lists(inside, max_size=3)
    cells = st.builds(lambda header, blocks: {"header": header, "blocks": blocks}, st.booleans(), few)
    kinds = st.sampled_from(["bullets", "numbers"])
    return st.one_of(
        st.builds(lambda kind, items: {"type": kind, "items": items}, kinds, st.lists(few, max_size=3)),
        st.builds(lambda blocks: {"type": "quote", "blocks": blocks}, few),
        st.builds(lambda rows: {"type": "table", "rows": rows}, st.lists(st.lists(cells, max_size=3), max_size=2)),
    )


blocks = st.lists(st.recursive(lines, around, max_leaves=8), max_size=4)
sections = st.lists(st.fixed_dictionaries({"key": letters, "title": letters, "blocks": blocks}), max_size=4)
random_sheets = st.fixed_dictionaries({"preamble": blocks, "sections": sections})
