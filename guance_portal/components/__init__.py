"""The one family of components that every page is composed of."""
