"""Pictures of the pages for the documentation, drawn from real runs: `python -m harness.page.pictures RUN...`."""
