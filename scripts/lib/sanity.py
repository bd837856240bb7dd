"""Counts what scim-sanity found, from its JSON on the standard input."""

import json
import os
import sys
from collections import Counter


def is_contested(check):
    """A PATCH may answer 200 with the resource or 204 without (RFC 7644 section 3.5.2)."""
    return check["name"].startswith("PATCH ") and "got 204" in (check.get("message") or "")


def verdict(check):
    status = check["status"].lower()
    if status == "pass":
        return "passed"
    if status in ("skip", "warn") or is_contested(check):
        return "skipped"
    return "failed"


def main():
    try:
        checks = json.load(sys.stdin)["results"]
    except (ValueError, KeyError):
        print("scim-sanity: it gave no results")
        return 1
    counts = Counter()
    for check in checks:
        kind = verdict(check)
        counts[kind] += 1
        if kind == "failed" or os.environ.get("VERBOSE"):
            print(kind, check["status"], check["name"], "|", " ".join((check.get("message") or "").split())[:400])
    print(f"scim-sanity: passed {counts['passed']} failed {counts['failed']} skipped {counts['skipped']}")
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
