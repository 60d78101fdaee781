"""The command line: `facilitation serve | demo | create | generate | rehearse | export | import | backup | doctor | worker`."""

from gevent import monkey

monkey.patch_all()

from facilitation.commands import main  # noqa: E402  gevent's patch comes before everything else

__all__ = ["main"]

if __name__ == "__main__":
    raise SystemExit(main())
