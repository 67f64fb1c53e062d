"""The ground under every door: problem documents, headers, logs, metrics, the API base, layout and style.

It knows no capability. A *problem* is a refusal written down after RFC 9457; a *principal* is the API key
a request came with; a *door* is a route.
"""
