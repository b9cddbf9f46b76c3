import { createServer } from "./server.js";

const server = createServer({
  version: process.env["APP_VERSION"] ?? "development",
  logLevel: process.env["LOG_LEVEL"] ?? "info",
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}

await server.listen({ host: process.env["HOST"] ?? "0.0.0.0", port: Number(process.env["PORT"] ?? 8080) });
