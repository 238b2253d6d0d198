"""Runs calls at the same moment, each on a database connection of its own."""

import threading

from django.db import connection


def together(*calls):
    """Start all calls at once; return their results, or the exceptions they raised."""
    gate = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(place, call):
        try:
            gate.wait()
            results[place] = call()
        except Exception as problem:  # noqa: BLE001 the test looks at it
            results[place] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
