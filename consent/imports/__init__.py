"""Consents and opt-outs from files of other systems: newest evidence wins, and no import revives an opt-out.

A *row* is what a file says about one address. It *gives* (a yes is recorded), *ends* (a no is recorded), is
*unchanged* or *older* (what is on record says the same or is newer), is *refused* (an opt-out is newer than its yes),
or goes into *quarantine*, where it changes nothing and a person may read why. Undoing an import annuls what it wrote.
"""
