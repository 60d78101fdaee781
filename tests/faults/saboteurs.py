"""Servers that are wrong on purpose (tests/faults/sabotage), and seeds of all faults that show it."""

SABOTEURS = {
    "answering_early": (0, 2),
    "unflushed": (1, 2),
    "forgetting": (0, 1),
    "telling_early": (0, 1),
}
