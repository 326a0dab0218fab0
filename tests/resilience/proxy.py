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
        self.losing: tuple[bytes, bytes] | None = None
        self.lost = threading.Event()
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

    def lose(self, after: bytes, answer_to: bytes) -> None:
        """Once a client has said `after`, let its `answer_to` arrive, and cut the connection where
        the answer should come. Once; then `lost` is set."""
        self.lost.clear()
        self.losing = after, answer_to

    def _is_lost(self, said: bytearray, data: bytes) -> bool:
        """Whether what comes back to this piece of what a client says must not arrive."""
        if self.losing is None:
            return False
        said += data
        after, answer_to = self.losing
        return after in said and answer_to in said[said.index(after) :]

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
        deaf = threading.Event()
        back = threading.Thread(target=self._pump_back, args=[server, client, deaf], daemon=True)
        back.start()
        self._pump(client, server, deaf)
        back.join()
        self.connections -= {client, server}

    def _pump(self, client: socket.socket, server: socket.socket, deaf: threading.Event) -> None:
        said = bytearray()
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if self._is_lost(said, data):
                    self.losing = None
                    deaf.set()
                server.sendall(data)
        _close(client)
        _close(server)

    def _pump_back(
        self, server: socket.socket, client: socket.socket, deaf: threading.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if deaf.is_set():
                    self.lost.set()
                    break
                client.sendall(data)
        _close(server)
        _close(client)


def _close(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
