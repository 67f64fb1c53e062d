"""The notices that people get: what each is about, who gets it and why, its words, and how far it has come."""
