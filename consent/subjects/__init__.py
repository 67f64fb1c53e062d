"""Who: people, and the contact points (channel + address) that reach them. Addresses stand nowhere else."""
