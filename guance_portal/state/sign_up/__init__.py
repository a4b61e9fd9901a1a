"""What the pages of signing up know and may ask."""
