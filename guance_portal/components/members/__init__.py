"""What 成员管理 is made of."""
