"""Emails, with no database and no network."""
