"""Changing plans for good: a form, the text of a plan file, and the commit that says it. Needs `delcia[panel]`.

What the panel calls, with a `home` (`homes.Folder`, or an `upstream.Upstream` with a clone of its own):

    upstream.fetch(home)                        # where there is a remote; says when it is away
    with homes.looked_at(home, now) as view:
        views.shown_plans(view, vehicle)        # each plan as a wish; its `unshown` keys stay as they are written
        form.fields_of(shown.wish)              # the fields of its form; form.free_name names a new plan
        wish, faults = form.wish_in(fields)     # with a slug for each field at fault
        proposal = proposals.propose(view, changes.Alter(name, wish, shown.mark))
    homes.save(home, proposal, author, now)     # Saved, or a Conflict to be shown

A form carries the plan's `mark` as it was shown, and the page that shows a proposal carries its `digest`: what is
saved is proposed again from the same fields, and saved only if its digest is still that. A proposal shows its `diff`,
its `problems`, and `old` and `new`, the two sites whose consequences are compared; with errors `new` is None and there
is nothing to save, and when it `is_empty` neither. "Reset" is `changes.Disable`, beside a pause. A `Conflict` has the
`difference` that somebody else made and, unless just this plan was changed, the same change `again`, to be looked at.
"""
