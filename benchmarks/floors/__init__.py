"""The floors: bare Flask views that do the least a durable answer needs, written as well as we can."""
