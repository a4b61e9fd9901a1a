"""The settlement dialog and the steps of subscribing a cloud account."""
