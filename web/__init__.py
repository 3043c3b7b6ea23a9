"""The screens of reps and managers: pages, forms, templates, static files."""
