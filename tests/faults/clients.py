"""People and programs that submit, press again when nothing comes back, and keep every receipt."""

import http.client
import json
import re
import threading
import time
import urllib.parse
import uuid

from tests.faults.houses import PATIENCE

PASSWORD = "Lianqi-2026"
LANDED = re.compile(r"/portal/filed/(SQ[\d-]+)/")
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|idempotency_key)" value="([^"]+)"')
PAUSE = 0.15  # seconds before pressing again


def told(key):
    """Return what is submitted under a key; the key stands at the end of the title."""
    return {
        "kind": "help",
        "title": f"夜间停电影响生产 #{key}",
        "content": "最近两周夜间停电三次，生产线停工，请协调供电保障。",
        "contact_name": "王某",
        "contact_phone": "13800138000",
    }


class Ledger:
    """Receipts: the number that was acknowledged for each key, and how often it was pressed again."""

    def __init__(self):
        self.receipts, self.retries, self.contradictions = {}, 0, []
        self.statuses, self._lock = {}, threading.Lock()

    def acknowledge(self, key, number):
        """Keep a receipt; a second one with another number is a contradiction."""
        with self._lock:
            if self.receipts.setdefault(key, number) != number:
                self.contradictions.append((key, self.receipts[key], number))

    def note(self, status):
        """Count an answer that is no receipt."""
        with self._lock:
            self.retries += 1
            self.statuses[status] = self.statuses.get(status, 0) + 1

    def settle(self, found):
        """Return what the database makes of the receipts: all of it must be nothing."""
        there = {}
        for key, number in found["appeals"]:
            there.setdefault(key, []).append(number)
        return {
            "lost": sorted(
                k for k, number in self.receipts.items() if number not in there.get(k, [])
            ),
            "duplicate": sorted(key for key, numbers in there.items() if len(numbers) > 1),
            "contradictions": self.contradictions,
            "half": found["halves"],
            "chain": found["chain"],
            "storage": found["storage"],
        }


NOTHING = {
    "lost": [],
    "duplicate": [],
    "contradictions": [],
    "half": [],
    "chain": "",
    "storage": "ok",
}


class Caller:
    """One connection after another to a house; whatever goes wrong with them is an answer too."""

    def __init__(self, house):
        self.port, self.cookies = house.port, {}

    def ask(self, method, path, body=None, timeout=PATIENCE, **headers):
        """Return (status, headers, text); status 0 if nothing came back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, headers | ({"Cookie": cookie} if cookie else {}))
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return 0, {}, ""
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers, text


class Program(Caller):
    """Submits through the API with a token."""

    def __init__(self, house, token):
        super().__init__(house)
        self.token = token

    def submit(self, key):
        """Submit once; return the number, or the status that was no receipt."""
        status, _, text = self.ask(
            "POST",
            "/api/v1/appeals",
            json.dumps(told(key)).encode(),
            **{
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            },
        )
        return json.loads(text)["number"] if status == 201 else status


class Browser(Caller):
    """Signs in and submits the form of the firms' pages."""

    def __init__(self, house, username):
        super().__init__(house)
        self.username, self.forms = username, {}

    def sign_in(self, timeout=PATIENCE):
        """Sign in; return the status of the answer."""
        _, _, page = self.ask("GET", "/accounts/login/", timeout=timeout)
        hidden = dict(HIDDEN.findall(page))
        return self.post(
            "/accounts/login/", {**hidden, "login": self.username, "password": PASSWORD}
        )[0]

    def post(self, path, fields):
        """Post a form as a browser does."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urllib.parse.urlencode(fields).encode(), **kind)

    def submit(self, key):
        """Submit the form that was opened for this key; pressing again sends the same form."""
        status = self._open(key)
        if status != 200:
            return status
        status, headers, _ = self.post("/portal/new/", told(key) | self.forms[key])
        return _receipt(status, headers)

    def submit_with_file(self, key, content):
        """Submit the form of this key with a text file."""
        self._open(key)
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in (told(key) | self.forms[key]).items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        body = "".join([*parts, head]).encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        status, headers, _ = self.ask("POST", "/portal/new/", body, **kind)
        return _receipt(status, headers)

    def _open(self, key):
        """Open the form of a key once; return 200, or why it cannot be opened."""
        if key in self.forms:
            return 200
        if "lianqi" not in self.cookies:
            signed_in = self.sign_in()
            if signed_in != 302:
                return signed_in  # busy or full: the next press signs in again
        status, _, page = self.ask("GET", "/portal/new/")
        if status == 200:
            self.forms[key] = dict(HIDDEN.findall(page))
        if status == 302:
            self.cookies.clear()  # led to the sign-in page: the next press signs in again
        return status


def _receipt(status, headers):
    landed = LANDED.search(headers.get("Location") or headers.get("HX-Redirect") or "")
    return landed[1] if landed else status


class Crowd:
    """Clients that submit at the same time until told to stop."""

    def __init__(self, clients, ledger):
        self.clients, self.ledger, self.stop = clients, ledger, threading.Event()
        self.threads = [threading.Thread(target=self._work, args=(one,)) for one in clients]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _work(self, client):
        while not self.stop.is_set():
            self.until_acknowledged(client, uuid.uuid4().hex)

    def until_acknowledged(self, client, key):
        """Press until there is a receipt: whoever has begun is answered in the end."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = client.submit(key)
            if isinstance(answer, str):
                self.ledger.acknowledge(key, answer)
                return
            self.ledger.note(answer)
            time.sleep(PAUSE)
        self.ledger.contradictions.append((key, "never acknowledged", ""))


def crowd_of(house, tokens, ledger):
    """Return eight clients of a house: four programs, four browsers."""
    names = sorted(tokens)
    programs = [Program(house, tokens[name]) for name in names[:4]]
    return Crowd([*programs, *(Browser(house, name) for name in names[4:])], ledger)
