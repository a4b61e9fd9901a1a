"""Who people are: console users, operators, workspaces and members; and for every realm, passwords and sessions."""
