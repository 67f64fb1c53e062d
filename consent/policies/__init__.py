"""What we promised: packs (an organization, its policy versions, the law), the kinds of commitments, and the rulebook.

A pack is a folder a lawyer may change; a version is its wording plus its commitments; a kind says what a commitment
means at run time; the rulebook is all of it compiled for one instant, and is what every door asks.
"""
