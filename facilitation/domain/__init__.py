"""The rules of the day as plain Python: standard library only, no IO, so that they can be read and tested alone."""
