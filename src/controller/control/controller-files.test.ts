import { expect, it } from "vitest";
import { controllerLockPath, controllerSocketPath } from "./controller-files.ts";

it("keeps the lock and the socket in the city", () => {
  expect(controllerLockPath("/home/a/city")).toBe("/home/a/city/.gc/controller.lock");
  expect(controllerSocketPath("/home/a/city")).toBe("/home/a/city/.gc/controller.sock");
});

it("keeps the socket of a city whose path is too long where paths are short", () => {
  const longest = `/${"a".repeat(99 - "/.gc/controller.sock".length)}`;
  expect(controllerSocketPath(longest)).toBe(`${longest}/.gc/controller.sock`);
  expect(controllerSocketPath(longest)).toHaveLength(100);
  // printf /aaa… | sha256sum
  expect(controllerSocketPath(`${longest}a`)).toBe("/tmp/gascity-controller/585db4ff6d0d54e7976520dcc83b6728.sock");
  // The system counts bytes.
  expect(controllerSocketPath(`/${"ä".repeat(45)}`)).toMatch(/^\/tmp\/gascity-controller\/[0-9a-f]{32}\.sock$/u);
});
