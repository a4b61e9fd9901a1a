"""What the pages of bills know and may ask."""
