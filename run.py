"""Serve Măng Non: `python run.py [--demo] [--host H] [--port P]`; also `run:app` for another WSGI server."""

from app.serving import main

if __name__ == "__main__":
    main()
