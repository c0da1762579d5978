"""Tables drawn as SVG at build time: the one home of Altair and vl-convert.

`drawing` makes the chart, `converting` the SVG, `svg` what a page may hold of it, `words` tells it to those who can't see it, and
`cache` spares drawing it again.
"""

from kb_builder.charts.cache import Charts

__all__ = ["Charts"]
