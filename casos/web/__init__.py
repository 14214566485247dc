"""Layer 5: function views. Fetch scoped, bind a form, call the door, redirect or render."""
