"""Everything on record about one contact point, and why it is so; the address is masked until somebody says why not."""
