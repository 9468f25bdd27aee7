"""The panel: a page to see the cars and say a word, for a phone on the home network.

A layer of its own between `cli` and `runtime`: it knows what those below it tell, and is given by `cli` what it may
look at and whom it may ask (`delcia.panel.house`). It and `car.renault` alone import aiohttp. It holds no right of its
own: whatever it asks for is passed on as one of a fixed set of words (`delcia.core.request`), to a process that
another user runs.
"""
