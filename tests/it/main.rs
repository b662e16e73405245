//! Integration tests, one binary.

mod app;
mod browser;
mod command_line;
mod durable;
mod gis;
mod seed;
