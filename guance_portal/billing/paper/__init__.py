"""The bill of a month on paper: a tagged PDF, the same bytes each time."""
