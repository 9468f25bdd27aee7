"""Writes which packages a bundle has, as a CycloneDX 1.5 document: python sbom.py VERSION FOLDER-WITH-PACKAGES."""

import hashlib
import json
import re
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

LICENSE = "License :: OSI Approved :: "


def about(file: Path) -> Message:
    """Return what a package says of itself."""
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
            return BytesParser().parsebytes(wheel.read(name))
    with tarfile.open(file) as source:
        name = min((name for name in source.getnames() if name.endswith("/PKG-INFO")), key=len)
        found = source.extractfile(name)
        return BytesParser().parsebytes(found.read() if found else b"")


def component(file: Path) -> dict[str, object]:
    """Return one package, with its hash and its licence."""
    said = about(file)
    name = re.sub(r"[-_.]+", "-", said["Name"]).lower()
    purl = f"pkg:pypi/{name}@{said['Version']}"
    found: dict[str, object] = {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": said["Version"],
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}],
    }
    classified = [text.removeprefix(LICENSE) for text in said.get_all("Classifier", []) if text.startswith(LICENSE)]
    if said["License-Expression"]:
        found["licenses"] = [{"expression": said["License-Expression"]}]
    elif classified:
        found["licenses"] = [{"license": {"name": text}} for text in classified]
    elif said["License"]:
        found["licenses"] = [{"license": {"name": said["License"].splitlines()[0]}}]
    return found


def bill(version: str, folder: Path) -> dict[str, object]:
    """Return the whole document; the same packages give the same one."""
    files = sorted(file for file in folder.iterdir() if file.suffix in {".whl", ".gz"})
    components = [component(file) for file in files if not file.name.startswith("delcia-")]
    own = f"pkg:pypi/delcia@{version}"
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": own, "name": "delcia", "version": version, "purl": own}
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": [each["bom-ref"] for each in components]}],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill(sys.argv[1], Path(sys.argv[2])), indent=1) + "\n")
