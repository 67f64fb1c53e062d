"""What we still have to send or do: leased jobs, written in the transaction that causes them."""
