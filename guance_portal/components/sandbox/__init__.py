"""What the simulated marketplaces are made of."""
