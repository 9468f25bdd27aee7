"""Reading unit files back, as systemd does."""

from collections.abc import Iterator


def directives(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield section, key and value of each setting of a unit file. A line of any other shape is an AssertionError."""
    section = ""
    for line in text.split("\n"):
        assert not line.endswith("\\"), line
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line and not line.startswith(("#", ";")):
            key, sign, value = line.partition("=")
            assert sign, line
            yield section, key, value
