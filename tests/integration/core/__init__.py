"""The database itself, and what is written into it."""
