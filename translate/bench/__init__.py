"""Measurements on the machine at hand: our pipeline beside what it is made of and what it competes with.

``contest`` runs the contestants, each in a process of its own, and takes turns; ``contestants`` is the list of them;
``figures`` is what comes out; ``chart`` draws it.
"""
