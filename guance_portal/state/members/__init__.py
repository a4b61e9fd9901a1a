"""What 成员管理 and joining know and may ask."""
