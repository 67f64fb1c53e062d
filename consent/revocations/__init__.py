"""A no from anywhere: mail, call, letter, chat, form or staff. Blocked at once, open until every sender has confirmed.

Revocation: what arrived, with its due date. Sender: whoever could still send, and has to confirm that it will not.
"""
