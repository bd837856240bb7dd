"""All checks of scim2-tester against one server: conformance.py BASE_URL TOKEN [strict]

With "strict" the connection follows the interoperability profile, which is narrower than the RFCs: what
fails has to be explained by a rule of docs/conformance.md.
"""

import json
import os
import sys
from collections import Counter

from httpx2 import Client, HTTPTransport, Response
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

BAD = (Status.ERROR, Status.CRITICAL)


# What fails on a strict connection: title of the check, words of the reason, the profile's rule.
UNKNOWN = "enterprise:2.0:User:schemas is not part of the schema"
EXPLAINED = [("check_add_attribute", UNKNOWN, "KnownNames"), ("check_replace_attribute", UNKNOWN, "KnownNames")]
MEMBER = "interopProfileConformant"


class WithoutMember(HTTPTransport):
    """Takes the profile's member out of the configuration, which the tester's client does not know and
    refuses before it checks anything else. That it is there is checked first."""

    seen = False

    def handle_request(self, request):
        response = super().handle_request(request)
        if not request.url.path.endswith("/ServiceProviderConfig"):
            return response
        body = json.loads(response.read())
        self.seen = body.pop(MEMBER, None) is True or self.seen
        headers = [(name, value) for name, value in response.headers.items() if name.lower() != "content-length"]
        return Response(response.status_code, headers=headers, content=json.dumps(body).encode())


def explained(result):
    """The rule of the profile that explains a failure; none where there is none."""
    reason = str(result.reason or "")
    rules = (rule for title, words, rule in EXPLAINED if title in (result.title or "") and words in reason)
    return next(rules, None)


def is_contested(result):
    """Whether a failure rests on no sentence of RFC 7643 or 7644.

    They give discovery endpoints the method GET and name no status for the others; a server
    that knows the path and refuses may say so with any of these.
    """
    reason = str(result.reason or "")
    about_methods = "_endpoint_methods" in (result.title or "")
    return about_methods and any(f"returned {status} instead of 405" in reason for status in (403, 404, 501))


def verdict(result, strict):
    if result.status == Status.SKIPPED:
        return "skipped"
    if result.status not in BAD:
        return "passed"
    if strict and explained(result):
        return "explained"
    return "skipped" if is_contested(result) else "failed"


def main(base_url, token, strict=""):
    counts = Counter()
    headers = {"Authorization": f"Bearer {token}"}
    transport = WithoutMember() if strict else HTTPTransport()
    with Client(base_url=base_url.rstrip("/"), headers=headers, timeout=30, transport=transport) as http:
        for result in check_server(SyncSCIMClient(http)):
            kind = verdict(result, strict)
            counts[kind] += 1
            if kind in ("failed", "explained") or os.environ.get("VERBOSE"):
                reason = str(result.reason or "").replace("\n", " ")[:400]
                rule = explained(result) if kind == "explained" else ""
                print(kind, rule, result.status.name, result.resource_type or "-", result.title, "|", reason)
    if strict and not transport.seen:
        print(f"failed: the configuration does not say {MEMBER}")
        counts["failed"] += 1
    told = f" explained {counts['explained']}" if strict else ""
    print(f"scim2-tester: passed {counts['passed']} failed {counts['failed']} skipped {counts['skipped']}{told}")
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
