# syntax=docker/dockerfile:1
# The local Realtime server, without its window. How to run it is in docs/server.md.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build \
 && node scripts/fetch-models.mjs \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 # Of the desktop program.
 && rm -rf node_modules/uiohook-napi

FROM node:22-bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpocketsphinx3 pocketsphinx-en-us \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner=node --group=node --mode=0700 /var/lib/parley
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/out/main ./out/main
COPY --from=build /app/models ./models
ENV NODE_ENV=production PARLEY_STATE_DIR=/var/lib/parley
VOLUME ["/var/lib/parley"]
USER node
EXPOSE 8765 8766
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8765/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "out/main/cli.js"]
# Reached from outside the container, so it does not start without PARLEY_TOKEN.
CMD ["serve", "--host", "0.0.0.0"]
