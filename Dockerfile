# The game in a container, its records in the volume:
#   docker build --tag doodle-race . && docker run -p 7860:7860 -v doodle-race:/data doodle-race
# With Redis and PostgreSQL, see compose.yaml.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore

# A database driver beside SQLite's own, such as psycopg[binary], and Redis's client, redis.
ARG DRIVER=""
ARG REDIS=""

# What seldom changes comes first: a changed line of the game builds in seconds.
WORKDIR /app
COPY requirements.txt ./
RUN pip install --requirement requirements.txt ${DRIVER:+"$DRIVER"} ${REDIS:+"$REDIS"}
RUN useradd --uid 1000 --create-home player && install --directory --owner=player /data
COPY models ./models
COPY game ./game

USER 1000
ENV DATABASE_URL=sqlite:////data/doodle-race.sqlite3 \
    ORT_DISABLE_TELEMETRY=1
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as web; web.build_opener(web.ProxyHandler({})).open('http://127.0.0.1:' + os.environ.get('PORT', '7860') + '/readyz', timeout=4)"]
CMD ["python", "-m", "game.server", "--host", "0.0.0.0"]
