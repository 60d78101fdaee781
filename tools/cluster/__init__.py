"""Several processes as deploy/ describes them, started natively: PostgreSQL, Redis, nginx and the application."""
