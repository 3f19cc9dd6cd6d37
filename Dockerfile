# syntax=docker/dockerfile:1

# The bundle is plain JavaScript: it is built once, on the builder's own platform, for all.
FROM --platform=$BUILDPLATFORM node:24.21.0-trixie-slim@sha256:173f125896c3b47ddf056734c7ea789d04595a6a08769a8f78e0df642781fb66 AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts/build.mjs scripts/bundled-packages.mjs scripts/third-party-notices.mjs scripts/bill-of-materials.mjs scripts/
COPY crds crds
COPY src src
RUN node scripts/build.mjs

# Node and its libraries: no shell, no package manager.
FROM gcr.io/distroless/nodejs24-debian13:nonroot@sha256:9eeb7f5887d0e239e78264b06f7f11d2e14be534050481803a9e4728fcdd278e
LABEL org.opencontainers.image.title="sagemaker-privatelink-operator" \
      org.opencontainers.image.description="Kubernetes operator for the private network path to Amazon SageMaker" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /build/dist/ ./
COPY LICENSE ./
# The heap follows the container's memory limit (its cgroup). Near its own limit V8 gives pages back that it
# keeps for later otherwise, so the limit is what many links need, and not all that there is. New objects have a
# bound of their own (three semi-spaces of so many MiB). The C library has one heap for all threads, and gives back
# what V8's compilers and bodies of answers take in pieces of 8 KiB: in its heap the room would stay with the process.
ENV NODE_ENV=production \
    NODE_OPTIONS="--max-old-space-size-percentage=48 --max-semi-space-size=4" \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=8192 \
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true
# By number: Kubernetes cannot tell from a name that a user is not root (runAsNonRoot).
USER 65532:65532
EXPOSE 8080 8081
ENTRYPOINT ["/nodejs/bin/node", "/app/sagemaker-privatelink.mjs"]
CMD ["operator"]
