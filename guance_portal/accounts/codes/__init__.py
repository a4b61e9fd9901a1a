"""Codes sent by e-mail."""
