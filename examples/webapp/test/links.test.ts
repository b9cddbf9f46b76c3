import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidLink, Links } from "../src/links.js";

test("a visit counts", () => {
  const links = new Links();
  links.put("docs", "https://example.com/docs");

  assert.equal(links.visit("docs")?.visits, 1);
  assert.equal(links.visit("docs")?.visits, 2);
});

test("changing the target keeps the visits", () => {
  const links = new Links();
  links.put("docs", "https://example.com/docs");
  links.visit("docs");

  assert.equal(links.put("docs", "https://example.com/manual").visits, 1);
});

test("an unknown name is not found", () => {
  assert.equal(new Links().visit("nowhere"), undefined);
});

test("links are listed by name", () => {
  const links = new Links();
  links.put("b", "https://example.com/b");
  links.put("a", "https://example.com/a");

  assert.deepEqual(links.all().map((link) => link.name), ["a", "b"]);
});

for (const name of ["", "Upper", "-leading", "x".repeat(41), "a/b"]) {
  test(`'${name}' is refused as a name`, () => {
    assert.throws(() => new Links().put(name, "https://example.com"), InvalidLink);
  });
}

for (const target of ["", "example.com", "javascript:alert(1)", "file:///etc/passwd"]) {
  test(`'${target}' is refused as a target`, () => {
    assert.throws(() => new Links().put("name", target), InvalidLink);
  });
}
