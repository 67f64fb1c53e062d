"""A time stamp authority on this machine: OpenSSL's own, which shares no code with ours."""

import subprocess
from pathlib import Path

from consent.gateways.callbacks.calls import Answer
from consent.gateways.callbacks.targets import Target

_SETTINGS = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_digest = {digest}
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = {ess}
[stamps]
extendedKeyUsage = critical,timeStamping
[req]
distinguished_name = names
[names]
"""
_KEYS = {"rsa": ["-newkey", "rsa:2048"], "ec": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]}


class Authority:
    """Signs what it is asked, and answers at any address."""

    def __init__(self, folder: Path, key: str = "rsa", digest: str = "sha256", ess: str = "sha256") -> None:
        folder.mkdir()
        self.folder, self.asked = folder, list[tuple[str, bytes]]()
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_SETTINGS.format(folder=folder, digest=digest, ess=ess))
        made = ["req", "-x509", *_KEYS[key], "-nodes", "-keyout", "tsa.key", "-out", "tsa.pem", "-days", "30"]
        self._openssl(*made, "-subj", "/CN=Stamps", "-config", "tsa.cnf", "-extensions", "stamps")

    def reply(self, query: bytes) -> bytes:
        """The answer to a query."""
        (self.folder / "query").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-inkey", "tsa.key",
                      "-signer", "tsa.pem", "-out", "reply")  # fmt: skip
        return (self.folder / "reply").read_bytes()

    def ask(self, target: Target, _headers: object, body: bytes) -> Answer:
        """As somebody who answers a POST."""
        self.asked.append((target.authority, body))
        return Answer(200, body=self.reply(body))

    def post(self, target: Target, _headers: object, body: bytes) -> Answer:
        """A webhook that takes everything."""
        self.asked.append((target.authority, body))
        return Answer(204)

    def verifies(self, reply: bytes, data: bytes) -> bool:
        """Whether OpenSSL finds that the reply is over these bytes."""
        (self.folder / "verify").write_bytes(reply)
        (self.folder / "data").write_bytes(data)
        done = subprocess.run(
            ["openssl", "ts", "-verify", "-in", "verify", "-data", "data", "-CAfile", "tsa.pem"],
            cwd=self.folder, capture_output=True, check=False,
        )  # fmt: skip
        return done.returncode == 0

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, check=True)
