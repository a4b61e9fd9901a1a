"""What a person finds on each page, by role and accessible name, in Chinese unless said otherwise."""
