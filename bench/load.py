"""Many people at one server, from one process that costs little itself: each has a connection and waits for answers."""

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass
class Person:
    """Somebody who sends a request and, once it is answered, perhaps the next."""

    next_request: Callable[[], bytes]
    take_answer: Callable[[int, bytes], None]
    line: socket.socket | None = None
    sent_at: float = 0.0
    due: float = 0.0
    came: bytes = b""


@dataclass
class Times:
    """Seconds from sending to the whole answer, those of the run, and those that the server's processes worked."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    processor: float = 0.0

    def at(self, share: float) -> float:
        """Milliseconds that this share of the answers took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.elapsed

    def __add__(self, other: "Times") -> "Times":
        return Times(
            self.seconds + other.seconds, self.elapsed + other.elapsed, self.processor + other.processor
        )


def run(people: Sequence[Person], port: int, seconds: float, pause: float = 0.0) -> Times:
    """Let all work for so long: each as fast as the server answers, or with `pause` once in so many seconds.

    With a pause a request counts from when it was due, so that a server that is late for one is not spared the next.
    """
    found, waiting = Times(), selectors.DefaultSelector()
    begin = time.perf_counter()
    due: list[tuple[float, int]] = []
    for number, person in enumerate(people):
        person.line = socket.create_connection(("127.0.0.1", port))
        person.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(person.line, selectors.EVENT_READ, number)
        heappush(due, (begin + pause * number / len(people), number))
    busy, until = 0, begin + seconds
    while True:
        now = time.perf_counter()
        while due and due[0][0] <= now < until:
            moment, number = heappop(due)
            _send(people[number], moment if pause else now)
            busy += 1
        if now >= until and not busy:
            break
        patience = max(0.0, min(due[0][0], until) - now) if due and now < until else 1.0
        for key, _events in waiting.select(patience):
            person = people[key.data]
            if _received(person):
                now = time.perf_counter()
                found.seconds.append(now - person.sent_at)
                _answered(person)
                busy -= 1
                heappush(due, (max(now, person.sent_at + pause), key.data))
    found.elapsed = time.perf_counter() - begin
    for person in people:
        assert person.line
        person.line.close()
    return found


def _send(person: Person, moment: float) -> None:
    person.sent_at, person.came = moment, b""
    assert person.line
    person.line.sendall(person.next_request())


def _received(person: Person) -> bool:
    """Read what is there; whether the answer is complete."""
    assert person.line
    read = person.line.recv(65536)
    if not read:
        msg = "the server closed a connection"
        raise ConnectionError(msg)
    person.came += read
    head, found, body = person.came.partition(END_OF_HEAD)
    if not found:
        return False
    lower = head.lower()
    at = lower.index(LENGTH) + len(LENGTH)
    return len(body) >= int(lower[at : lower.find(b"\r\n", at) if b"\r\n" in lower[at:] else None])


def _answered(person: Person) -> None:
    head, _found, body = person.came.partition(END_OF_HEAD)
    person.take_answer(int(head[9:12]), body)
