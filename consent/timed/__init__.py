"""What is done again and again over a house, by whom it serves; `consent.schedule` says when."""
