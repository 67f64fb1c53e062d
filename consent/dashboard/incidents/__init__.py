"""The desk of incidents: what went wrong, whom to tell by when and why, and who was told."""
