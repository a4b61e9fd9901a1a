"""Signing in, and the sessions of browsers that are signed in."""
