"""Bills on both databases."""
