"""One function per verb, and what each screen shows."""
