"""Request in, page out."""
