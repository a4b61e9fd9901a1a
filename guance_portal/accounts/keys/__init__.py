"""API keys: how a workspace's own programs prove themselves."""
