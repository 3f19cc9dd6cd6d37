"""The network of a process: names that lead to ports of this machine, and nothing else.

Python imports this by itself from a folder of PYTHONPATH. ONLY_NAMES is a JSON object of ports by
name; every name that is asked for is written to the file NAMES_ASKED.
"""

import json
import os
import socket

PORTS = json.loads(os.environ["ONLY_NAMES"])


def only_names(host, port, family=0, type=0, proto=0, flags=0):
    name = host.decode() if isinstance(host, bytes) else host
    with open(os.environ["NAMES_ASKED"], "a") as asked:
        asked.write(f"{name}\n")
    if name not in PORTS:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", PORTS[name]))]


socket.getaddrinfo = only_names
