"""What the company is for which data, and the customers that were taken on under it."""
