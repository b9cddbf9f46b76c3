import assert from "node:assert/strict";
import { test } from "node:test";
import { createServer } from "../src/server.js";

test("health tells the version and the number of links", async () => {
  const server = createServer({ version: "1.2.3" });

  const answer = await server.inject("/health");

  assert.equal(answer.statusCode, 200);
  assert.deepEqual(answer.json(), { status: "ok", version: "1.2.3", links: 0 });
});

test("a link redirects to its target", async () => {
  const server = createServer({ version: "test" });
  await server.inject({ method: "PUT", url: "/links/docs", payload: { target: "https://example.com/docs" } });

  const answer = await server.inject("/docs");

  assert.equal(answer.statusCode, 302);
  assert.equal(answer.headers.location, "https://example.com/docs");
});

test("an unknown link is 404", async () => {
  const answer = await createServer({ version: "test" }).inject("/nowhere");

  assert.equal(answer.statusCode, 404);
  assert.match(answer.json().error, /no link 'nowhere'/);
});

test("a bad target is 422 and says why", async () => {
  const answer = await createServer({ version: "test" }).inject({
    method: "PUT",
    url: "/links/docs",
    payload: { target: "javascript:alert(1)" },
  });

  assert.equal(answer.statusCode, 422);
  assert.match(answer.json().error, /not an http or https address/);
});

test("a body without a target is 400", async () => {
  const answer = await createServer({ version: "test" }).inject({ method: "PUT", url: "/links/docs", payload: {} });

  assert.equal(answer.statusCode, 400);
});

test("a removed link is gone", async () => {
  const server = createServer({ version: "test" });
  await server.inject({ method: "PUT", url: "/links/docs", payload: { target: "https://example.com" } });

  assert.equal((await server.inject({ method: "DELETE", url: "/links/docs" })).statusCode, 204);
  assert.equal((await server.inject({ method: "DELETE", url: "/links/docs" })).statusCode, 404);
  assert.deepEqual((await server.inject("/links")).json(), []);
});
