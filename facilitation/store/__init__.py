"""The only SQL: tables, migrations, the one writer, and what is read."""
