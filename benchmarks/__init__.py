"""What is faster than what, side by side in one run: the pipeline, its baselines and its bounds.

Run by ``make bench``. Each benchmark first holds the results of both sides against each other, and
takes times only of work that gives the same.
"""
