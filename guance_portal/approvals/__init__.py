"""Money acts of operators: done at once up to a limit, else asked for and done by a second operator."""
