"""A mail server over real SMTP that accepts, refuses or never speaks, as a test wants it."""

import contextlib
import socket
import threading
from queue import Queue
from types import TracebackType
from typing import Literal, Self

Mode = Literal["accepts", "refuses", "is silent"]


class MailServer:
    """Context manager of a listening server; `mails` are the raw mails that it accepted.

    A server that refuses says 554 to each recipient whose name starts with "nobody", and to
    everybody else 451, with the address in its words.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self.mails: Queue[str] = Queue()
        self.asked: Queue[None] = Queue()  # one for each connection
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.open: list[socket.socket] = []
        self.threads = [threading.Thread(target=self._listen)]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.threads[0].join()
        for connection in self.open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self.threads[1:]:
            thread.join()
        for connection in self.open:
            connection.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.open.append(connection)
            self.asked.put(None)
            if self.mode != "is silent":
                self.threads.append(threading.Thread(target=self._speak, args=[connection]))
                self.threads[-1].start()

    def _speak(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection.makefile("rwb") as stream:

            def say(line: str) -> None:
                stream.write(f"{line}\r\n".encode())
                stream.flush()

            say("220 mail.example")
            while line := stream.readline().decode().strip():
                verb = line.upper()
                if verb == "DATA":
                    say("354 go on")
                    lines = iter(lambda: stream.readline().decode(), ".\r\n")
                    self.mails.put("".join(lines))
                    say("250 taken")
                elif verb.startswith("RCPT") and "<NOBODY" in verb:
                    say(f"554 no such mailbox: {line}")
                elif verb.startswith("MAIL") and self.mode == "refuses":
                    say(f"451 not today: {line}")
                else:
                    say("250 yes")
                if verb == "QUIT":
                    return
