"""What the operators' pages know and may ask."""
