"""The bare peer of the API: clients that ask one SELECT through a pool of psycopg connections.

`python -m bench.bare_pool DSN QUERY.json`: prints the latencies in ms as JSON. Half the clients
of one run each, two processes at a time, as the application has two workers.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from psycopg_pool import AsyncConnectionPool


def main(dsn: str, query: str) -> None:
    """Ask for as long as the query file says."""
    print(json.dumps(asyncio.run(asked(dsn, json.loads(Path(query).read_text())))))


async def asked(dsn: str, query: dict[str, Any]) -> list[float]:
    """Milliseconds from wanting a connection to having the answer, request by request."""
    size, latencies = query["pool"], []
    kept = {"autocommit": True}
    async with AsyncConnectionPool(dsn, min_size=size, max_size=size, kwargs=kept) as pool:
        await pool.wait()
        until = time.perf_counter() + query["seconds"]

        async def client() -> None:
            while (began := time.perf_counter()) < until:
                async with pool.connection(timeout=60) as connection:
                    found = await connection.execute(query["sql"], query["values"])
                    await found.fetchall()
                latencies.append((time.perf_counter() - began) * 1e3)

        await asyncio.gather(*(client() for _ in range(query["clients"])))
    return latencies


if __name__ == "__main__":
    main(*sys.argv[1:])
