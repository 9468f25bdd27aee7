"""Loading the server in less time than it usually takes."""

import os


def load_server() -> None:
    """Import aiohttp without the certificates of all authorities, which take as long as half of it: none is needed."""
    names = {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    import aiohttp.web

    del aiohttp
    for name, value in before.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
