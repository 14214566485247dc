"""What a file is, by its bytes; whether it may be kept; and where it is kept. No forms, no cases."""
