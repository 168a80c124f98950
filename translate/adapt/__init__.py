"""Adaptation of the shipped model on parallel text: low-rank training in a budget of time, on a processor or a GPU.

``run.py`` joins the parts; torch, peft and transformers (extra ``[train]``) are imported by the functions that need
them, so that data, marks and schedule work, and are tested, without.
"""
