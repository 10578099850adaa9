mod cases;
mod oracle;
mod world;
