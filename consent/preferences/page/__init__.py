"""The page on which a person sees every choice, changes it and keeps the proof.

Place: a contact point the visit covers. Choice: one program on one channel, or one feature, with what holds for it.
Act: one press of a button; everything it wrote carries its mark, so that it can be shown, repeated and undone.
"""
