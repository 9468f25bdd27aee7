# delcia in a container: Alpine, whose crond looks every five minutes. How to run it: docs/hosts.md and compose.yaml.
FROM alpine:3.22

RUN apk add --no-cache python3 tzdata

# The same numbers in every image, for what delcia remembers lies on a volume and is theirs.
RUN addgroup -S -g 990 delcia && adduser -S -D -H -u 990 -h /var/lib/delcia -s /sbin/nologin -G delcia delcia

COPY delcia /src/delcia
COPY schemas /src/schemas
COPY templates /src/templates
COPY install /src/install
COPY install.sh pyproject.toml README.md LICENSE /src/
RUN /src/install.sh --yes && rm -r /src

COPY install/container.sh /usr/local/bin/delcia-container

# Whose hours the cron goes by; the plans have their own. Any name below /usr/share/zoneinfo.
ENV TZ=UTC

# Each run leaves a sign of life: red when none came for a quarter of an hour.
HEALTHCHECK --interval=5m --timeout=10s --start-period=10m --retries=1 CMD test -n "$(find /var/lib/delcia/state/tick -mmin -15)"

CMD ["/usr/local/bin/delcia-container"]
