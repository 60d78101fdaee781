"""A small invented case with everything a real one has: renamed, added and reordered sections, tables, nested lists."""

from typing import Any

SMALL: dict[str, Any] = {
    "title": "-- Un forum d’essai & <b>gras</b>",
    "date": "2026-03",
    "opening_by": "Zoé Brun",
    "organisers": ["Les Essayeurs"],
    "objectives_markdown": "- essayer",
    "topics": [
        {"number": 1, "title": "Un car à 17 h 30 ?", "details": ["Quel coût ?"]},
        {"number": 2, "title": "Vélos dans la vallée", "details": []},
        {"number": 3, "title": "  Marcher   l'hiver ", "details": []},
        {"number": 5, "title": "مرحبا 😀 <script>", "details": []},
    ],
    "workshops": [
        {
            "number": 1, "title": "Le car du soir", "from_topics": [1], "rapporteurs": ["Ali", "Bo"],
            "preamble": "**Postulat** : vite",
            "sections": [
                {"heading": "Besoins", "markdown": "- un\n  - deux\n    - trois\n\nquatre\n\n- cinq"},
                {"heading": "Enjeux et désirs", "markdown": "### A\n\n| a | b |\n|---|---|\n| c | d |"},
                {"heading": "Idées folles", "markdown": "1. 😀 oui\n\n> dit"},
            ],
        },
        {"number": 2, "title": "Autre chose", "from_topics": [], "sections": [{"heading": "Actions", "markdown": "- agir"}]},
        {"number": 3, "title": "Deux à la fois", "from_topics": [2, 3], "rapporteurs": ["Cléo"], "sections": []},
    ],
    "conclusion": {"by": "Tom", "markdown": "Voilà."},
    "closing_words": [{"by": "Lou", "markdown": "Merci."}],
    "engagements": [
        {"person": "Ali", "items": ["Je m'engage à tout"]},
        {"person": "Eve", "items": ["Marcher", "Rouler"]},
        {"items": ["Sans nom"]},
    ],
}  # fmt: skip
