"""A whole organization leaves for another installation, or comes from one (T-79; `docs/leaving.md`).

An *archive* is one file with everything that is the organization's: every entry of its ledger with its proofs, people,
consents and refusals, the policies that bound them. What is personal stays encrypted in it; the keys travel inside,
sealed under a *passphrase*. What opens doors stays behind: API keys, accounts of staff, secrets of gateways.
"""
