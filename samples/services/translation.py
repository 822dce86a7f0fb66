"""apertium-apy, but on 127.0.0.1 alone: it has no option for that. PORT (2737) is the port, 0 takes a free one."""
import os
import socket
import sys

import tornado.tcpserver

port = int(os.environ.get("PORT", "2737"))
if port == 0:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

bind = tornado.tcpserver.TCPServer.bind


def bind_to_loopback(server, port, address=None, **rest):
    bind(server, port, "127.0.0.1", **rest)
    print(f"translation is ready at http://127.0.0.1:{port}", flush=True)


tornado.tcpserver.TCPServer.bind = bind_to_loopback
sys.argv = ["apertium-apy", "--port", str(port), os.environ.get("APERTIUM_DIR", "/usr/share/apertium")]
from apertium_apy import apy  # noqa: E402 (it reads its arguments on import)

apy.main()
