"""What the notebooks need beside the pipeline: figures in one style, and checks of answers."""
