"""What may happen in a replication: a module for each kind of thing, installed on a run by way of its hooks."""
