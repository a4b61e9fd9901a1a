"""The welcome page and the guide to the first data."""
