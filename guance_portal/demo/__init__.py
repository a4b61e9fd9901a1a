"""A company with a past, for the sandbox, made by running its days: each capability adds a chapter."""
