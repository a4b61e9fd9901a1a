"""Who somebody is: their names, passwords and second factor, for every realm."""
