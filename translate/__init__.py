"""Yakubun: Japanese→English article localization with an enforced glossary."""

__version__ = "0.1.0"
