"""Organizations: our tenants, the keys their systems use, and their accounts at text gateways."""
