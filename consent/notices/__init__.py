"""Telling people: of each new version who must be told, by which way, from when it may hold, and the proof of it.

A campaign is what one version (or one consent that runs out) sets off; each person of it is told once, by one mail.
Publishing never starts one: the job here finds what was published (later steps look for their work).
"""
