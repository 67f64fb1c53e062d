"""Taking on a customer: what the company is for which data, and what the customer says about its own users' data.

A *customer* is a company whose own users' data is processed here. It *acknowledges*, under one version of the policy,
that it decides about that data; without this it is not taken on.
"""
