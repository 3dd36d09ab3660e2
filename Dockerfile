# docker build -t rubricator . && docker run -p 8080:8080 rubricator
# docker build --target train -t rubricator-train . && docker run --user "$(id -u)" -v "$PWD:/data" rubricator-train train --base bert …
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libcairo2-dev libsqlite3-dev pkg-config zlib1g-dev
WORKDIR /src
COPY . .
RUN for program in rubricator rubricator-train; do \
        swift build -c release --static-swift-stdlib --product $program \
        && install -D -s "$(swift build -c release --show-bin-path)/$program" /out/$program || exit 1; \
    done

FROM debian:bookworm-slim AS serve
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libopenblas0-pthread zlib1g && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/rubricator /usr/local/bin/rubricator
COPY Deployment/entrypoint.sh /usr/local/bin/entrypoint
COPY Models /usr/share/rubricator
# Whoever the container runs as may keep what a tracker gave.
RUN install -d -m 1777 /var/cache/rubricator
USER 65534:65534
ENV RUBRICATOR_HOST=0.0.0.0 RUBRICATOR_MODEL_CACHE=/var/cache/rubricator
WORKDIR /data
EXPOSE 8080
ENTRYPOINT ["entrypoint"]
CMD ["serve"]

# The same with the trainer, and what draws its charts.
FROM serve AS train
USER 0:0
RUN apt-get update && apt-get install -y --no-install-recommends fonts-dejavu-core libcairo2 libsqlite3-0 libxgboost0 && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/rubricator-train /usr/local/bin/rubricator-train
USER 65534:65534

# What is built where no target is named.
FROM serve
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["rubricator", "health"]
