"""Plans, price lists and rating: what a workspace is on, and what its use costs."""
