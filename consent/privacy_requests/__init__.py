"""Requests about a person's data: opened, dated at their arrival, listed. What is done about one comes later."""
