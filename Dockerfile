# syntax=docker/dockerfile:1
# One image, four uses: the gateway (the default), `worker`, `visage` and `migrate`.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN dotnet publish src/StashAI.Server --configuration Release --os linux --arch $TARGETARCH --no-self-contained --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# All that is ever written is below /app/data; the rest may be mounted read-only.
RUN mkdir -m 700 data && chown $APP_UID data
ENV DATA_DIR=/app/data \
    QUEUE_DB_PATH=/app/data/queue.db \
    LOG_LEVEL=info \
    DOTNET_EnableDiagnostics=0
USER $APP_UID
VOLUME /app/data
EXPOSE 9998
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["/app/stashai", "health", "--url", "http://127.0.0.1:9998"]
ENTRYPOINT ["/app/stashai"]
# Beyond loopback it starts only with an API key, or with ALLOW_ANONYMOUS=lan.
CMD ["serve", "--urls", "http://0.0.0.0:9998"]
