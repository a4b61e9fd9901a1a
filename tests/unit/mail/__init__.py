"""Letters, with no database and no network."""
