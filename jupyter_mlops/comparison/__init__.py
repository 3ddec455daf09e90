"""Experiments side by side: values, data, figures, code and cells. Not for drawing them."""
