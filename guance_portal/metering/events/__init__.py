"""Usage that programs report as CloudEvents: each event counts once, for the day that its own time says."""
