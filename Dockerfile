# syntax=docker/dockerfile:1
# One image for web, worker, clock and migration; it holds no secret and runs as an ordinary user.

# --- the workbench: TypeScript to static files ---
FROM node:24-slim AS workbench
WORKDIR /src/frontend/workbench
COPY frontend/workbench/package.json frontend/workbench/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY frontend/workbench/ ./
RUN npm run build

# --- the Python packages, as pinned and hashed ---
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /tmp/requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/venv \
    && /opt/venv/bin/pip install --disable-pip-version-check --no-deps --require-hashes -r /tmp/requirements.txt

# --- the translations, compiled ---
FROM packages AS translations
RUN /opt/venv/bin/pip install --disable-pip-version-check babel
COPY locale /src/locale
RUN /opt/venv/bin/pybabel --quiet compile -D django -d /src/locale

# --- what runs ---
FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Rubricator" \
      org.opencontainers.image.description="IIIF canvases in, campaigns and models in the middle, citable ground truth out." \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin rubricator \
    && install --directory --owner=rubricator --group=rubricator --mode=0750 /data /data/tmp
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    RUBRICATOR_ENV=production \
    RUBRICATOR_DATA=/data \
    TMPDIR=/data/tmp \
    RUBRICATOR_STATIC=/app/staticfiles \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=12 \
    GRANIAN_WORKERS_KILL_TIMEOUT=20
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=workbench /src/frontend/static/workbench frontend/static/workbench
COPY --from=translations /src/locale locale
# Files that never change at run time: compiled and collected once, owned by root. The key of this
# step signs nothing and stays in this step.
RUN python -m compileall -q /app \
    && RUBRICATOR_SECRET_KEY=unused DATABASE_URL=postgresql:///unused REDIS_URL=redis://unused \
       python manage.py collectstatic --no-input --verbosity 0
USER rubricator
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 CMD ["python", "deploy/healthcheck.py"]
CMD ["granian", "--interface", "wsgi", "--no-ws", "--respawn-failed-workers", "config.wsgi:application"]
