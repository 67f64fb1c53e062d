"""Carrier mode: what a telephone carrier owes its customers for what it knows of their calls (CPNI).

An approval is a consent to one of the features that the law names, given, refused or withdrawn like any other. A notice
asks for it; silence after one counts where the law says so. A matter is an entry of the registers: a failure of the way
to opt out, a campaign that used CPNI, a training, a complaint, an action against a broker, the certificate of a year.
"""
