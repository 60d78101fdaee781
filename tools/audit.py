"""Known faults of the locked dependencies, the pages' too: `python -m tools.audit`. Where nobody can be asked, it says so."""

import json
import os
import sys
import urllib.request
from typing import Any
from urllib.error import URLError

from facilitation.commands.sbom import bill, bundled, lock_file

WHERE = "https://api.osv.dev/v1/querybatch"


def main() -> int:
    """1 where a locked version has a known fault; 0 where none has, or where nobody could be asked."""
    parts = bill(lock_file().read_text(encoding="utf-8"), bundled())["components"]
    asked = json.dumps({"queries": [{"package": {"purl": one["purl"]}} for one in parts]}).encode()
    try:
        found = _ask(os.environ.get("AUDIT_URL", WHERE), asked)
    except (URLError, TimeoutError, ConnectionError) as error:
        print(f"SKIPPED: the dependencies were not audited, the data cannot be reached ({error})", file=sys.stderr)
        return 0
    answered = zip(parts, found["results"], strict=True)
    faults = [f"{part['purl']}: {one['id']}" for part, told in answered for one in told.get("vulns", [])]
    print("\n".join(faults) or f"{len(parts)} locked packages, no known fault")
    return 1 if faults else 0


def _ask(where: str, body: bytes) -> dict[str, Any]:
    request = urllib.request.Request(where, body, {"Content-Type": "application/json"})  # noqa: S310  our own address, or the one given
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310  as above
        told: dict[str, Any] = json.load(answer)
    return told


if __name__ == "__main__":
    sys.exit(main())
