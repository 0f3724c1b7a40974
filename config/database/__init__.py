"""The one database engine, with what its binding of parameters on the server asks for."""
