"""One form per kind of input. No ``save()`` that changes state, no permission queries.

The door (``pasos.puerta``) binds the form of the action to whatever it is given, so that what a
person must type is checked in one place, whichever way it came in.
"""
