# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2
#
# One image for every way to run Lotse: `lotse run` alone on SQLite, or several with `--only` on one PostgreSQL.
# It can run read-only; everything that changes lies in /data.

FROM python:3.13-slim AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
COPY pyproject.toml LICENSE ./
COPY LICENSES LICENSES
COPY locales locales
COPY scheduler scheduler
COPY dialogs dialogs
COPY bot bot
RUN python -m venv /opt/lotse && /opt/lotse/bin/pip install ".[all]"

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Lotse" \
      org.opencontainers.image.licenses="EUPL-1.2"
ENV PATH=/opt/lotse/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LOTSE_DATA_DIR=/data \
    LOTSE_HTTP__HOST=0.0.0.0 \
    LOTSE_HTTP__PORT=8080
COPY --from=build /opt/lotse /opt/lotse
RUN groupadd --gid 10001 lotse \
    && useradd --uid 10001 --gid lotse --home-dir /data --no-create-home --shell /usr/sbin/nologin lotse \
    && install -d -o lotse -g lotse -m 0700 /data /keys
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
# A process without the web part answers no HTTP: switch the check off there (compose.yaml does).
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['LOTSE_HTTP__PORT']}/healthz\", timeout=4)"]
ENTRYPOINT ["lotse"]
CMD ["run"]
