"""What the fee centre's pages are made of."""
