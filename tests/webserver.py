"""A real HTTP server in a thread, whose answers a test writes itself."""

from __future__ import annotations

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class WebServer:
    """Where it is, what it answers on which path, and what it was asked."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    """Set when the test is over: an answer that hangs waits for it."""

    def on(self, path: str, answer: Answer) -> str:
        """Answer a path; returns its address."""
        self.answers[path] = answer
        return self.url + path

    def serve(self, path: str, body: bytes, content_type: str = "text/html; charset=utf-8") -> str:
        """Answer a path with a document; returns its address."""
        return self.on(path, replying(200, body, {"Content-Type": content_type}))


def replying(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
    """An answer with a status, headers and a body of stated length."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def unless_known(body: bytes, etag: str) -> Answer:
    """An answer with a body, or 304 to whoever has it."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        known = request.headers.get("If-None-Match") == etag
        replying(304 if known else 200, b"" if known else body, {"ETag": etag})(request)

    return answer


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


@contextlib.contextmanager
def web_server(pem: Path | None = None) -> Iterator[WebServer]:
    """A server on a free loopback port. ``pem``: with TLS, of that key and certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.requests.append((self.path, dict(self.headers)))
            answer = server.answers.get(self.path, replying(404))
            with contextlib.suppress(ConnectionError):
                answer(self)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with _Quiet(("127.0.0.1", 0), Handler) as listening:
        if pem:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pem)
            listening.socket = context.wrap_socket(listening.socket, server_side=True)
        server = WebServer(f"{'https' if pem else 'http'}://127.0.0.1:{_port(listening)}")
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.done.set()
            listening.shutdown()
            thread.join()


def _port(server: socketserver.TCPServer) -> int:
    return int(server.server_address[1])
