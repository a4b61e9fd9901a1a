"""What 套餐升级 is made of."""
