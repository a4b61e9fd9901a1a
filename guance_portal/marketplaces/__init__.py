"""The cloud marketplaces: listings, subscriptions, the notices they send, and what each cloud's protocol says."""
