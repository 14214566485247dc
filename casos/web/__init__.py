"""Function views (fetch scoped, ask the door, redirect or render) and Jinja's environment."""
