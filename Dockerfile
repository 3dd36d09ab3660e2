# docker build -t rubricator . && docker run -p 8080:8080 rubricator
FROM swift:6.3-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends zlib1g-dev pkg-config
WORKDIR /src
COPY . .
RUN swift build -c release --static-swift-stdlib --product rubricator \
    && install -D -s "$(swift build -c release --show-bin-path)/rubricator" /out/rubricator

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libopenblas0-pthread zlib1g && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/rubricator /usr/local/bin/rubricator
COPY Models /usr/share/rubricator
USER 65534:65534
ENV RUBRICATOR_MODEL=/usr/share/rubricator RUBRICATOR_HOST=0.0.0.0
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["rubricator", "health"]
ENTRYPOINT ["rubricator"]
CMD ["serve"]
