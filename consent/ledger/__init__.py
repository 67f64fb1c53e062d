"""What happened: events in streams, appended and never changed, sealed into one Merkle log per organization.

A *body* is an event's canonical bytes; its *disclosures* are the personal facts, salted and encrypted apart from it;
a *stream* is the history of one contact point, case or policy; *sealing* gives events their places in the log; a
*checkpoint* is the signed root of a log at a size.
"""
