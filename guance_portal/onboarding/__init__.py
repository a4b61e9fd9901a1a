"""What opens things across contexts: sign-up and its drafts, agreements, workspaces."""
