"""Whether a run answers, asked as a visitor does; and if not, what is still awaited, in words."""

import http.client
import socket
import ssl

from tongxin.cli import gettext
from tongxin.runner.plan import Plan


def awaited(plan: Plan) -> str:
    """What keeps /healthz from saying that all is well; an empty text when it does."""
    connection = http.client.HTTPConnection(plan.encryption.domain or plan.near, plan.port)
    try:
        connection.sock = _line(plan)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
    except (OSError, http.client.HTTPException):
        return gettext("the web server does not answer at {url} yet.").format(url=plan.url)
    finally:
        connection.close()
    if answer.status == 200:
        return ""
    if answer.headers.get_content_type() == "application/json":
        return gettext("the application runs, but its database does not answer.")
    return gettext("the application is still being loaded ({status}).").format(status=answer.status)


def _line(plan: Plan) -> socket.socket:
    """A connection to our own web server, encrypted if visitors' are."""
    line = socket.create_connection((plan.near, plan.port), timeout=5)
    if not plan.encryption.way:
        return line
    # Whether the certificate convinces is for visitors to judge; here we only ask for health.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(line, server_hostname=plan.encryption.domain or None)
