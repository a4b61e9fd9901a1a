"""The settlement dialog, its facts and the steps of subscribing a cloud account."""
