# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What stands between the module and the service: a proxy that keeps what it is told, and certificates."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass

import trustme


class Proxy:
    """An HTTP proxy on this machine. `seen` holds the first bytes of every connection, before a tunnel stands."""

    def __init__(self):
        self.refuses = False
        self.seen = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._listener.close()

    @property
    def methods(self):
        return tuple(data.split(b" ")[0].decode("latin-1") for data in self.seen)

    def _accept(self):
        while True:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client:
            data = b""
            while b"\r\n\r\n" not in data:
                part = client.recv(65536)
                if not part:
                    return
                data += part
            self.seen.append(data)
            if self.refuses or not data.startswith(b"CONNECT "):
                client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            host, _colon, port = data.split(b" ")[1].decode("latin-1").rpartition(":")
            with socket.create_connection((host, int(port))) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pump, args=(server, client), daemon=True)
                back.start()
                _pump(client, server)
                back.join()


def _pump(source, target):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@dataclass(frozen=True)
class Certificates:
    """Paths of PEM files."""

    certfile: str
    keyfile: str
    ca: str
    wrong_ca: str


def certificates(folder):
    """Made anew for each run."""
    ca, other = trustme.CA(), trustme.CA()
    issued = ca.issue_cert("127.0.0.1", "localhost")
    paths = Certificates(*(str(folder / name) for name in ("cert.pem", "key.pem", "ca.pem", "wrong_ca.pem")))
    with open(paths.certfile, "wb") as file:
        file.write(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(paths.keyfile)
    ca.cert_pem.write_to_path(paths.ca)
    other.cert_pem.write_to_path(paths.wrong_ca)
    return paths
