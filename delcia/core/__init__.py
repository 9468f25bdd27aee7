"""The pure core: no third party, nothing that touches the world, `now` always a parameter."""
