"""Who of an organization's own people sits before a page, and what they may do there.

Account: one person of the staff at one organization, with one role. Factor: what shows that it is them (password and a
code of their app, a passkey). Sign-in: one browser at which they are signed in. Act: a thing a page does; the matrix in
`roles` says which roles may. Approval: the second person that some acts need.
"""
