"""Somebody's webhook on this machine: a socket that answers as it is told, over TLS with a certificate of its own."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "hooks.example"
OUTSIDE = "93.184.215.14"  # an address on the open internet; nothing is ever sent there
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Receiver:
    """Listens until it is closed; `answer` is called with each connection after its request was read."""

    def __init__(self, folder: Path, *, tls: bool = True, answer: bytes | Callable[[socket.socket], None] = OK) -> None:
        self.requests: list[bytes] = []
        self.answer = answer
        self._certificate = _certificate(folder) if tls else None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def context(self) -> ssl.SSLContext:
        """A client's context that trusts this receiver's certificate alone."""
        assert self._certificate is not None
        return ssl.create_default_context(cafile=str(self._certificate[0]))

    def connect(self, _address: str, _port: int, seconds: float) -> socket.socket:
        """Instead of the open internet."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def close(self) -> None:
        """Nobody listens any more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                raw, _ = self._listening.accept()
            except OSError:
                return
            with raw:
                try:
                    self._one(raw)
                except OSError:
                    continue

    def _one(self, raw: socket.socket) -> None:
        raw.settimeout(10)
        if self._certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*map(str, self._certificate))
            with context.wrap_socket(raw, server_side=True) as secured:
                self._talk(secured)
        else:
            self._talk(raw)

    def _talk(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            request += connection.recv(65536)
        head, _, body = request.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += connection.recv(65536)
        self.requests.append(head + b"\r\n\r\n" + body)
        if callable(self.answer):
            self.answer(connection)
        else:
            connection.sendall(self.answer)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the host, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "receiver.crt", folder / "receiver.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private
