"""A little name server on loopback: it answers from a table, over real UDP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Zone = Mapping[tuple[str, str], list[str]]
"""By name (without the last dot) and kind of record: the records as a zone file writes them."""


@contextmanager
def name_server(zone: Zone) -> Iterator[str]:
    """Answers while the block runs; gives `127.0.0.1:PORT`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(0.2)
        stop = threading.Event()
        thread = threading.Thread(target=_serve, args=(line, zone, stop))
        thread.start()
        try:
            yield f"127.0.0.1:{line.getsockname()[1]}"
        finally:
            stop.set()
            thread.join()


def _serve(line: socket.socket, zone: Zone, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            asked, who = line.recvfrom(65_535)
        except TimeoutError:
            continue
        line.sendto(_answer(dns.message.from_wire(asked), zone).to_wire(max_size=65_535), who)


def _answer(query: dns.message.Message, zone: Zone) -> dns.message.Message:
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA
    [question] = query.question
    name, kind = question.name.to_text(omit_final_dot=True).lower(), question.rdtype.name
    alias = zone.get((name, "CNAME"))
    if alias:
        answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "CNAME", alias[0]))
        name = alias[0].rstrip(".")
    records = zone.get((name, kind))
    if records:
        owner = f"{name}."
        answer.answer.append(dns.rrset.from_text(owner, 60, "IN", kind, *records))
    elif not any(known == name for known, _ in zone):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer
