"""What the stand-in marketplaces are made of."""
