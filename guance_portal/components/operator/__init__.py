"""What the operators' pages are made of."""
