import { readFile } from "node:fs/promises";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { onKubernetes } from "./sample-city.mts";

test("the shipped sample city moves to Kubernetes with everything else as it was", async () => {
  const shipped = await readFile(new URL("../media/sample-city/city.toml", import.meta.url), "utf8");
  const { session, ...rest } = parse(onKubernetes(shipped, "its-own", "127.0.0.1:5000/agent:1"));
  const { session: before, ...restBefore } = parse(shipped);
  expect(before).toEqual({ provider: "tmux" });
  expect(session).toMatchObject({ provider: "k8s", k8s: { namespace: "its-own", image: "127.0.0.1:5000/agent:1" } });
  expect(rest).toEqual(restBefore);
});

test("a city.toml that cannot be moved is an error", () => {
  expect(() => onKubernetes("[workspace]\n", "its-own", "agent")).toThrow("no line");
});
