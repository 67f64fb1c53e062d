"""For WSGI servers other than the built-in one, such as gunicorn: `gunicorn --worker-class gthread wsgi:app`."""

from consent.serving import application

app = application()
