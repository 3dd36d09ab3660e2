"""Write schema.sql: the tables that MLflow creates in an empty SQLite store.

Usage, with the MLflow version pinned in requirements-mlflow.txt:

    pip install --no-deps -r ../../../Tests/Interoperability/requirements-mlflow.txt
    python3 make_schema.py
"""

import sqlite3
import tempfile
from pathlib import Path

import mlflow
from mlflow.store.db.utils import _initialize_tables, create_sqlalchemy_engine

with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/mlflow.db"
    _initialize_tables(create_sqlalchemy_engine(f"sqlite:///{path}"))
    with sqlite3.connect(path) as database:
        statements = [line for line in database.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;")]
Path(__file__).with_name("schema.sql").write_text(
    f"-- The tables of MLflow {mlflow.__version__}, written by make_schema.py.\n" + "\n".join(statements) + "\n"
)
