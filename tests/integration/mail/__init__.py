"""Emails on real databases, to real mail servers."""
