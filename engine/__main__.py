"""`python -m engine` is the command `sincerely`."""

from engine.cli.main import main

if __name__ == "__main__":
    main()
