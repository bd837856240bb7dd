"""The same filters and PATCH bodies for two servers: differential.py OURS TOKEN THEIRS [COUNT [SEED]]

Differences are grouped by what was asked; docs/differential.md explains each group.
"""

import json
import random
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
WORDS = ["ann", "Ann", "bob", "cem", "work", "home", "a", "A", "50%_x", "straße", "boss"]
TEXTS = ["userName", "displayName", "title", "nickName", "name.familyName", "name.givenName",
         "externalId", "emails.value", "emails.type", f"{ENTERPRISE}:department"]
LISTS = {"emails": ["value", "type"], "phoneNumbers": ["value", "type"]}


class Server:
    def __init__(self, base, token=None):
        self.base, self.token, self.ids = base.rstrip("/"), token, []

    def send(self, method, path, body=None):
        """Status and JSON body."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, method=method)
        request.add_header("Content-Type", "application/scim+json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            text = error.read()
            try:
                return error.code, json.loads(text)
            except ValueError:
                return error.code, None

    def create(self, body):
        status, made = self.send("POST", "/Users", body)
        assert status == 201, (self.base, status, made)
        self.ids.append(made["id"])

    def find(self, text):
        """The positions of the users that are found, or the error."""
        status, found = self.send("GET", "/Users?" + urllib.parse.urlencode({"filter": text}))
        if status != 200:
            return status, (found or {}).get("scimType")
        return status, sorted(self.ids.index(one["id"]) for one in found.get("Resources", []))

    def patch(self, place, operations):
        path = f"/Users/{self.ids[place]}"
        status, answer = self.send("PATCH", path, {"schemas": [PATCH], "Operations": operations})
        if status >= 300:
            return status, (answer or {}).get("scimType")
        return 200, bare(self.send("GET", path)[1])


def bare(user):
    """Without what each server makes by itself."""
    def clean(value):
        if isinstance(value, dict):
            kept = {name: clean(one) for name, one in value.items() if name not in ("id", "meta", "schemas", "groups")}
            return {name: one for name, one in kept.items() if one not in (None, [], {})}
        if isinstance(value, list):
            return [clean(one) for one in value]
        return value

    return clean(user)


def person(dice, number):
    body = {"schemas": [USER], "userName": f"{dice.choice(WORDS)}{number}", "active": dice.random() < 0.7}
    for name in ("displayName", "title", "nickName", "externalId"):
        if dice.random() < 0.5:
            body[name] = dice.choice(WORDS)
    if dice.random() < 0.5:
        body["name"] = {part: dice.choice(WORDS) for part in ("familyName", "givenName") if dice.random() < 0.7}
        body["name"] = body["name"] or {"familyName": "x"}
    for name in LISTS:
        kinds = dice.sample(["work", "home", "other"], dice.randint(0, 3))
        if kinds:
            body[name] = [{"value": f"{dice.choice(['a', 'B', 'c'])}@x.org", "type": kind} for kind in kinds]
            body[name][0]["primary"] = True
    if dice.random() < 0.4:
        body["schemas"].append(ENTERPRISE)
        body[ENTERPRISE] = {"department": dice.choice(WORDS)}
    return body


def term(dice):
    """What kind of term it is, and its text."""
    shape = dice.randrange(8)
    word = json.dumps(dice.choice(WORDS + ["a@x.org", "B@x.org"]), ensure_ascii=False)
    if shape == 0:
        return "boolean", f"active {dice.choice(['eq', 'ne'])} {dice.choice(['true', 'false'])}"
    if shape == 1:
        return "pr", f"{dice.choice(TEXTS + ['emails', 'name', 'phoneNumbers'])} pr"
    if shape == 2:
        name = dice.choice(list(LISTS))
        operator = dice.choice(["eq", "co", "sw"])
        second = f" {dice.choice(['and', 'or'])} type eq \"work\"" if dice.random() < 0.5 else ""
        return "value path", f"{name}[value {operator} {word}{second}]"
    if shape == 3:
        return "wrong", dice.choice(["active gt true", "nothing eq 1", "userName zz \"a\"", "userName eq", "(title pr",
                                     "title eq 5", "active eq \"x\"", "emails[type", "meta eq \"x\"", "name eq \"x\""])
    if shape == 4:
        return "order", f"{dice.choice(TEXTS)} {dice.choice(['gt', 'ge', 'lt', 'le'])} {word}"
    name = dice.choice(TEXTS)
    operator = dice.choice(["eq", "ne", "co", "sw", "ew"])
    many = "many " if name.startswith("emails") else ""
    return many + ("ne" if operator == "ne" else "text"), f"{name} {operator} {word}"


def filters(dice):
    shape = dice.randrange(5)
    if shape < 2:
        return term(dice)
    (kind, one), (other, two) = term(dice), term(dice)
    if shape == 2:
        return f"not {kind}", f"not ({one})"
    word = "and" if shape == 3 else "or"
    return f"{kind} {word} {other}", f"{one} {word} {two}"


def operation(dice):
    kind = dice.choice(["add", "replace", "remove"])
    word = dice.choice(WORDS)
    shape = dice.randrange(7)
    if shape < 2:
        path, value = dice.choice(["title", "nickName", "displayName", "name.familyName", f"{ENTERPRISE}:department"]), word
        what = "single"
    elif shape == 2:
        path, value, what = "emails", [{"value": f"{word}@y.org", "type": dice.choice(["work", "home"]),
                                        **({"primary": True} if dice.random() < 0.3 else {})}], "list"
    elif shape == 3:
        path, value, what = f'emails[type eq "{dice.choice(["work", "home", "none"])}"].value', f"{word}@z.org", "value path"
    elif shape == 4:
        path, value, what = f'emails[type eq "{dice.choice(["work", "home", "none"])}"]', {"value": f"{word}@w.org"}, "element"
    elif shape == 5:
        path, value, what = "name", {"givenName": word}, "complex"
    else:
        path, value = dice.choice([("userName", "same"), ("id", "x"), ("meta", {}), ("nothing", "x"), ("emails[", "x"),
                                   ("active", "perhaps"), ("emails", "x"), ("title", 5), ("groups", [])])
        what = f"wrong {path}"
    body = {"op": kind, "path": path}
    if kind != "remove":
        body["value"] = value
    return f"{kind} {what}", body


def told(groups, total):
    same = total - sum(len(found) for found in groups.values())
    print(f"  {same} of {total} alike")
    for name, found in sorted(groups.items(), key=lambda group: -len(group[1])):
        asked, ours, theirs = found[0]
        print(f"  {len(found):4} {name}\n       {asked}\n       ours   {str(ours)[:300]}\n       theirs {str(theirs)[:300]}")


def main(ours, token, theirs, count=500, seed=1):
    dice = random.Random(int(seed))
    servers = [Server(ours, token), Server(theirs)]
    for number in range(30):
        body = person(dice, number)
        for server in servers:
            server.create(body)
    groups = defaultdict(list)
    for _ in range(int(count)):
        kind, text = filters(dice)
        one, two = (server.find(text) for server in servers)
        if one != two:
            groups[f"{kind}: {one[0]} and {two[0]}"].append((text, one, two))
    print("filters")
    told(groups, int(count))
    groups = defaultdict(list)
    for number in range(int(count)):
        place = len(servers[0].ids)
        body = {**person(dice, number), "userName": f"patched-{number}"}
        for server in servers:
            server.create(body)
        kinds, operations = zip(*(operation(dice) for _ in range(dice.choice([1, 1, 2]))))
        one, two = (server.patch(place, list(operations)) for server in servers)
        if one != two:
            groups[f"{' + '.join(kinds)}: {one[0]} and {two[0]}"].append((json.dumps(operations), one, two))
    print("PATCH")
    told(groups, int(count))


if __name__ == "__main__":
    main(*sys.argv[1:])
