# The game in a container, its records in the volume:
#   docker build --tag doodle-race . && docker run -p 7860:7860 -v doodle-race:/data doodle-race
# With PostgreSQL and Redis, see compose.yaml.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore

# Drivers beside SQLite's own, such as "psycopg[binary] redis".
ARG DRIVERS=""

# What seldom changes comes first: a changed line of the game builds in seconds.
WORKDIR /app
COPY requirements.txt ./
RUN pip install --requirement requirements.txt ${DRIVERS}
RUN useradd --uid 1000 --create-home player && install --directory --owner=player /data
COPY models ./models
COPY game ./game

USER 1000
ENV DATABASE_URL=sqlite:////data/doodle-race.sqlite3 \
    ORT_DISABLE_TELEMETRY=1
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '7860') + '/healthz', timeout=4)"]
CMD ["python", "-m", "game.server", "--host", "0.0.0.0"]
