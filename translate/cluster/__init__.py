"""Translation on many machines: engines on a Ray cluster, and one driver that reads, journals and writes.

``worker`` is what runs on the nodes, ``ray_pool`` keeps one there for each engine, ``driver`` streams articles through
them, and ``pool`` is all that the two know of each other. The order of the steps is the pipeline's: a chunk leaves an
``ArticleRun``, its proposals come back into it.
"""
