"""Run a command for as long as this script's standard input stays open.

The endpoint starts this script instead of the server itself. However the process that holds the
other end of the pipe goes away (an exception, Ctrl-C, a kernel restarted or killed), the pipe
closes and the server is stopped. It is run as a file and imports nothing of the package, so that it
starts at once.
"""

import signal
import subprocess
import sys
import threading


def guard(command: list[str]) -> int:
    """Run the command, stop it when standard input ends, and return its exit code."""
    # Ctrl-C in a terminal reaches every process; stopping is decided by the pipe alone.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 (given by endpoint.py)

    def stop_at_the_end_of_input() -> None:
        sys.stdin.buffer.read()
        server.terminate()
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            server.kill()

    threading.Thread(target=stop_at_the_end_of_input, daemon=True).start()
    return server.wait()


if __name__ == "__main__":
    sys.exit(guard(sys.argv[1:]))
