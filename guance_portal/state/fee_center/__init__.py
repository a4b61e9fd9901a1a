"""What the fee centre's pages know and may ask."""
