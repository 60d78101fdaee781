"""How long tests wait for what must come: long enough for a machine that does ten things at once; only a failure takes it all."""

# Milliseconds, for a page to open and for what is expected of it.
BROWSER_WAITS = 30_000
