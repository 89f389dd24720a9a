"""Configuration of the documentation: ``make docs`` builds it into build/docs."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "planmodel"
author = "The planmodel founders"
project_copyright = author
release = version = metadata.version("planmodel")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx-mathjax-offline",  # formulas are drawn without a network
    "generate_gallery",
]
exclude_patterns = ["requirements*", "gallery/list.md"]
source_suffix = {".md": "markdown"}

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_fence_as_directive = ["math"]  # the derived mathematics, which other readers of Markdown know as well

autodoc_typehints = "description"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "pydata_sphinx_theme"
html_title = "planmodel"
html_static_path = ["style"]
html_extra_path = ["../planmodel/explore/page", "explorer"]  # the explorer and its answers
html_css_files = ["site.css"]
html_show_sourcelink = False
html_sidebars = {"**": []}  # the head has all pages; a formula needs the room
html_theme_options = {
    "header_links_before_dropdown": 8,
    "navbar_align": "left",
    "show_prev_next": False,
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "navigation_depth": 2,
}
html_context = {"default_mode": "light"}
