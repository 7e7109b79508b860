"""``python -m seispipe.cli``, where the command itself is not on the path."""

from seispipe.cli import main

main()
