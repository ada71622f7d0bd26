# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site: the guides of docs/ and the pages that antsibull-docs makes of the plugins and roles."""

project = "bookieops.betmatic"
author = "BookieOps contributors"
copyright = "2026, BookieOps contributors"

extensions = ["myst_parser", "sphinx_antsibull_ext"]
myst_heading_anchors = 3
# The generated pages refer to the manuals of Ansible and Python, which a build without network cannot look up.
suppress_warnings = ["ref.ref"]

html_theme = "furo"
html_title = "bookieops.betmatic"
html_show_sphinx = False
html_copy_source = False
html_static_path = ["static"]
html_css_files = ["site.css"]
