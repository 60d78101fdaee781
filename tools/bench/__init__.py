"""Load: a crowd of phones on one core, a server on the other, and the same work on a reference of a few lines."""
