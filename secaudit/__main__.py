"""``python -m secaudit`` is the command ``secaudit``."""

from secaudit.cli import main

if __name__ == "__main__":
    main()
