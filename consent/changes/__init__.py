"""What changed, told to the company's own systems: a feed to read in order, and webhooks that bring the same."""
