"""Stand-ins for the marketplaces of cloud providers: nothing here is real, and the portal cannot tell."""
