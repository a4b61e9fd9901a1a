"""What every context stands on: settings, database, clock, errors, words, audit."""
