"""Mail: the outbox, its templates, the worker that empties it, and the transports it leaves by."""
