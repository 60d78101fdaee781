"""A demonstration: an invented forum, played up to a moment of its day."""
