"""How the production build is made: the plugins Reflex runs, and building once per state of the sources."""
