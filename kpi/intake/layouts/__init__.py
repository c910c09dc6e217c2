"""The layouts of tables that intake recognises, each handing on slots."""
