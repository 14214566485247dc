"""Who comes in and from where: limits of attempts, devices, sessions, the second factor."""
