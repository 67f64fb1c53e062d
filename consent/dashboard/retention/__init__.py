"""What shall go and when, what is late, what keeps records longer, and what went: for the staff."""
