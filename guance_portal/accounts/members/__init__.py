"""Workspaces, their members and invitations into them."""
