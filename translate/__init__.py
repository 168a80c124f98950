"""Yakubun: Japanese→English article localization with an enforced glossary."""

__version__ = "0.2.0"
