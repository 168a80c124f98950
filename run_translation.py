"""Run Yakubun from a checkout: ``python run_translation.py translate ARTICLE``; the same as the ``yakubun`` command."""

from translate.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
