"""What every room stands on: errors, schemas, the project folder, the database, events."""
