"""What the simulators' pages know and may ask."""
