"""A mail server of a few lines, for tests: it takes what comes, or says no as it was told."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread

from app.domain.mails import MailServer, Security


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    server: "Mailbox"

    def handle(self) -> None:
        self._say("220 test")
        to: list[str] = []
        for line in self.rfile:
            verb = line[:4].decode("ascii", "replace").upper().strip()
            answer = self.server.replies.get(verb, "250 fine")
            if verb == "RCPT":
                to.append(line.decode().partition(":")[2].strip())
            if verb == "DATA" and verb not in self.server.replies:
                answer = self._take(to)
            self._say("221 bye" if (verb, answer) == ("QUIT", "250 fine") else answer)
            if verb == "QUIT":
                return

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _take(self, to: list[str]) -> str:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if "BODY" not in self.server.replies:
            self.server.taken.append((to, b"".join(lines)))
        return self.server.replies.get("BODY", "250 taken")


@dataclass
class Taken:
    """Settings to reach a server by, and what it took: who it was for, and the message as it came over the wire."""

    settings: MailServer
    taken: list[tuple[list[str], bytes]] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)  # verb, or BODY -> what to say instead of yes

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages, read as a mail program reads them."""
        return [message_from_bytes(raw, policy=policy.default) for _to, raw in self.taken]


class Mailbox(socketserver.ThreadingTCPServer):
    """The server with what it took."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[tuple[list[str], bytes]] = []
        self.replies: dict[str, str] = {}


@contextmanager
def mail_server(per_minute: int = 30) -> Iterator[Taken]:
    """Listen on a port of this machine while the block runs."""
    with Mailbox() as server:
        sender = "Sở Công Thương <binhchon@example.vn>"
        port = int(server.server_address[1])
        settings = MailServer("127.0.0.1", port, sender, Security.NONE, per_minute=per_minute)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Taken(settings, server.taken, server.replies)
        finally:
            server.shutdown()
            thread.join()
