"""A household that puts delcia on trial: a car, its service, its owner's days, and a judge.

Nothing of delcia's own reckoning is used here. The car charges by the published constants of its model, the rules are
those of the plan language's documentation, and delcia itself is only given what a host and a service would give it.
"""
