"""The KPI catalogue: models, and the loader that reads them from ``data/catalogue``."""
