//! The NIF of PhoenixReplay.
