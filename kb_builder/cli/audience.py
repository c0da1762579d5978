"""The option that says for whom something is made."""

from __future__ import annotations

import click

from kb_builder.model.audience import Audience

audience_option = click.option(
    "--audience",
    type=click.Choice([each.value for each in Audience]),
    help="给谁看：public 外部读者，internal 内部同事，all 全部；不写就按 site_config/audiences.yml，"
    "预览和报表则是全部。",
)
"""For `kb build` and its like: what the readers may not see is left out."""
