"""A TCP proxy in threads: a service that becomes unreachable without anybody stopping it."""

import contextlib
import socket
import threading
from typing import Self


class Proxy:
    def __init__(self, host: str, port: int) -> None:
        self.target = host, port
        self.connections: set[socket.socket] = set()
        self.is_open = True
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self.listener.close()

    def cut(self) -> None:
        """Break every connection, and accept no more until `mend`."""
        self.is_open = False
        for each in list(self.connections):
            _close(each)

    def mend(self) -> None:
        self.is_open = True

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                if self.is_open:
                    threading.Thread(target=self._join, args=[client], daemon=True).start()
                else:
                    _close(client)

    def _join(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self.target)
        except OSError:
            _close(client)
            return
        self.connections |= {client, server}
        back = threading.Thread(target=_pump, args=[server, client], daemon=True)
        back.start()
        _pump(client, server)
        back.join()
        self.connections -= {client, server}


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    _close(source)
    _close(sink)


def _close(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
