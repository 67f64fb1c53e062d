"""A small OpenID provider in its own process: `python -m tests.support.oidc PORT`. It says what was planned."""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "consent", "a secret of the tests"


class Provider(BaseHTTPRequestHandler):
    """Discovery, authorization with PKCE, token and keys; POST /plan says what the next token claims."""

    key = RSAKey.generate_key(2048, {"kid": "tests", "use": "sig", "alg": "RS256"})
    plan: dict[str, Any] = {}  # noqa: RUF012
    codes: dict[str, dict[str, str]] = {}  # noqa: RUF012

    def do_GET(self) -> None:
        """What browsers and our client ask."""
        parts = urlsplit(self.path)
        me = f"http://{self.headers['Host']}"
        if parts.path == "/.well-known/openid-configuration":
            self.say({"issuer": me, "authorization_endpoint": f"{me}/authorize", "token_endpoint": f"{me}/token",
                      "jwks_uri": f"{me}/keys", "id_token_signing_alg_values_supported": ["RS256"]})  # fmt: skip
        elif parts.path == "/keys":
            self.say({"keys": [self.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            self.send_response(302)
            self.send_header(
                "Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            )
            self.end_headers()

    def do_POST(self) -> None:
        """The token for a code, once; or the plan."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/plan":
            type(self).plan = json.loads(body)
            return self.say({})
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.codes.pop(sent.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        known = self.headers.get("Authorization", "") in (f"Basic {basic}", _basic(SECRET))
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if asked is None or not known or proof.decode() != asked["code_challenge"]:
            return self.say({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": f"http://{self.headers['Host']}", "aud": CLIENT, "sub": "7", "exp": now + 60, "iat": now,
                  "nonce": asked["nonce"]} | self.plan  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": "tests"}, claims, self.key)
        return self.say({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def say(self, said: dict[str, Any], status: int = 200) -> None:
        """JSON."""
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing is printed."""


def _basic(secret: str) -> str:
    return "Basic " + base64.b64encode(f"{CLIENT}:{secret}".encode()).decode()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Provider)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
