"""Bills as files that people keep: lines with every step, what was paid, what was used."""
