"""apertium-apy, but on 127.0.0.1 alone: it has no option for that. PORT (2737) is the port, 0 takes a free one."""
import os
import socket
import sys

import tornado.httpserver
import tornado.tcpserver
import tornado.web

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

# Others of its routes fetch pages from addresses that a request names, and unpack documents.
ROUTES = ("/", "/list", "/listPairs", "/translate")
MAX_BODY = 16 * 1024 * 1024
application, server = tornado.web.Application.__init__, tornado.httpserver.HTTPServer.initialize


def with_few_routes(self, handlers=None, *rest, **settings):
    application(self, [handler for handler in handlers or [] if handler[0] in ROUTES], *rest, **settings)


def with_small_bodies(self, *rest, **settings):
    server(self, *rest, **{**settings, "max_buffer_size": MAX_BODY, "max_body_size": MAX_BODY})


tornado.web.Application.__init__ = with_few_routes
tornado.httpserver.HTTPServer.initialize = with_small_bodies
sys.argv = ["apertium-apy", "--port", str(port), os.environ.get("APERTIUM_DIR", "/usr/share/apertium")]
from apertium_apy import apy  # noqa: E402 (it reads its arguments on import)

apy.main()
