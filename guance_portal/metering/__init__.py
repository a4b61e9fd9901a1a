"""What workspaces send: the gateway's line protocol, counts per item and hour, quotas, tokens."""
