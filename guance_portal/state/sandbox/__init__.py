"""What the stand-ins' pages know and may ask."""
