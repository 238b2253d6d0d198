"""A mail server on loopback that keeps what it gets, or behaves badly in one of several ways."""

import socket
import socketserver
import threading
from email import message_from_bytes

WELL, SILENT, REFUSING = "well", "silent", "refusing"


class Sink:
    """Listens on a port of its own while open; ``letters`` are (Message-ID, recipient)."""

    def __init__(self, mode=WELL):
        self.mode, self.letters, self.port = mode, [], 0
        self._server = self._place = None
        self.connected, self.released = threading.Event(), threading.Event()
        self.open()

    def open(self):
        """Listen, on the same port as before."""
        sink = self
        self.released = threading.Event()

        class Session(_Session):
            kept = sink

        if self._place is not None:
            self._place.close()
        self._server = _Server(("127.0.0.1", self.port), Session)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        """Listen no more: whoever connects is refused."""
        self.released.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
            # Bound but not listening: refused, and nobody else is given the port meanwhile.
            self._place = socket.socket()
            self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._place.bind(("127.0.0.1", self.port))

    def end(self):
        """Give the port back."""
        self.close()
        self._place.close()

    def ids(self):
        """Return the Message-ID of every letter that came, repeats included."""
        return [number for number, _ in self.letters]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


class _Session(socketserver.StreamRequestHandler):
    kept = None

    def handle(self):
        self.kept.connected.set()
        if self.kept.mode == SILENT:
            self.kept.released.wait()  # accepts, and never says a word
            return
        self.say("220 sink")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.say("354 go on")
                self.take()
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def take(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        letter = message_from_bytes(b"".join(lines))
        if self.kept.mode == REFUSING:
            self.say("554 not today")
            return
        self.kept.letters.append((letter["Message-ID"], letter["To"]))
        self.say("250 taken")
