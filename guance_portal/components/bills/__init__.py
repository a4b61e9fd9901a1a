"""The pieces of pages that show bills."""
