"""How the teaching archive is made: an earth, a source, noise, an instrument, and their sum.

Everything here is synthetic, and the network code ``XX`` says so wherever it appears. Not modelled:
site effects, surface waves and reflections, noise that changes with time.
"""
