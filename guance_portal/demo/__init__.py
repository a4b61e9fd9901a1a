"""A lived-in company for the sandbox, made by running the days: each capability adds a chapter of its own."""
