"""What 付费计划与账单 and 计费方式 are made of."""
