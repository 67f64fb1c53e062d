"""Cookies and browser signals of an organization: what its promises say, and the choices that they leave to a visitor.

A choice is kept in a signed cookie of ours, in this browser alone. A purpose is what a cookie is for; a surface is the
site, portal or app it would stand on.
"""
