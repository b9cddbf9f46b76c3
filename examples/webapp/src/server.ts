import Fastify, { type FastifyInstance } from "fastify";
import { InvalidLink, Links } from "./links.js";

export interface Options {
  readonly version: string;
  readonly links?: Links;
  readonly logLevel?: string;
}

/** Builds the service without listening, so that tests can call it directly. */
export function createServer({ version, links = new Links(), logLevel = "silent" }: Options): FastifyInstance {
  const server = Fastify({ logger: { level: logLevel } });

  server.get("/health", async () => ({ status: "ok", version, links: links.size }));

  server.get("/links", async () => links.all());

  server.put<{ Params: { name: string }; Body: { target: string } }>(
    "/links/:name",
    { schema: { body: { type: "object", required: ["target"], properties: { target: { type: "string" } } } } },
    async (request, reply) => {
      try {
        return links.put(request.params.name, request.body.target);
      } catch (problem) {
        if (problem instanceof InvalidLink) {
          return reply.code(422).send({ error: problem.message });
        }
        throw problem;
      }
    },
  );

  server.delete<{ Params: { name: string } }>("/links/:name", async (request, reply) =>
    reply.code(links.remove(request.params.name) ? 204 : 404).send(),
  );

  server.get<{ Params: { name: string } }>("/:name", async (request, reply) => {
    const link = links.visit(request.params.name);
    if (link === undefined) {
      return reply.code(404).send({ error: `there is no link '${request.params.name}'` });
    }
    return reply.redirect(link.target, 302);
  });

  return server;
}
