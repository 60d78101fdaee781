"""What engineers run on the project itself; nothing here is installed with it."""
