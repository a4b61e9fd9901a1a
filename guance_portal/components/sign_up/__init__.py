"""What the pages of signing up are made of."""
