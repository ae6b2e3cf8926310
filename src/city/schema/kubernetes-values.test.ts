import { expect, it } from "vitest";
import { imagePattern, namespacePattern, quantityPattern } from "./kubernetes-values.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

it.each([
  ["quantity", quantityPattern, "0", "2", "500m", "1Gi", "1.5G", ".5", "1.", "+1", "1e3", "1E-2", "5E", "100n"],
  [
    "image",
    imagePattern,
    "agent",
    "agent:1.0",
    "library/agent",
    "registry.example.com/a/b_c/d--e:v1",
    "localhost:5000/agent",
    `agent@${digest}`,
    `r.io/agent:1@${digest}`,
    "REGISTRY/agent",
    "a__b",
  ],
  ["namespace", namespacePattern, "gc", "a", "1", "a-b", "x".repeat(63)],
])("%s: these are some", (_, pattern, ...texts) => {
  for (const text of texts) expect(text).toMatch(pattern);
});

it.each([
  ["quantity", quantityPattern, "", "lots", "-1", "1 Gi", "1gb", "1K", "Gi", "1e", "."],
  [
    "image",
    imagePattern,
    "",
    "Agent",
    "agent:",
    "agent :1",
    "agent@sha256:12",
    "https://r.io/agent",
    "/agent",
    "agent/",
    "a//b",
    "-agent",
    "agent:-1",
    "$IMAGE",
    "a".repeat(600),
  ],
  ["namespace", namespacePattern, "", "Gc", "a.b", "-a", "a-", "x".repeat(64)],
])("%s: these are none", (_, pattern, ...texts) => {
  for (const text of texts) expect(text).not.toMatch(pattern);
});

it("is not slow with what is nearly an image", () => {
  for (const part of ["a.", "a-", "a/", "a", "a__", "-"]) expect(imagePattern.test(`${part.repeat(250)}!`)).toBe(false);
});
