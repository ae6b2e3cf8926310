import type fc from "fast-check";
import { boolean, constantFrom, nat, subarray } from "fast-check";
import type { TomlInput, TomlRecord } from "./toml/toml-text.ts";

/** For tests: the tables of a city as people have them, all references in order. */
export function drawCityTables(draw: fc.GeneratorValue): TomlRecord {
  const maybe = (key: string, value: TomlInput): TomlRecord => (draw(boolean) ? { [key]: value } : {});
  const rigs = draw(subarray, ["alpha", "my-beta"]);
  const names = draw(subarray, ["mayor", "worker", "a-b", "x_1", "Cook"], { minLength: 1 });
  const agents = names.map((name, index) => {
    const earlier = draw(subarray, names.slice(0, index));
    return {
      name,
      ...maybe("provider", draw(constantFrom, "claude", "it's")),
      ...maybe("suspended", draw(boolean)),
      ...maybe("min_active_sessions", draw(nat, 2)),
      ...maybe("env", { A: "1", "b c": 'x"y' }),
      ...maybe("depends_on", earlier),
    };
  });
  const sessions = draw(subarray, names).map((template) => Object.assign({ template }, maybe("mode", "always")));
  const patched = draw(subarray, names, { maxLength: 1 });
  const drawRig = (name: string): TomlRecord =>
    Object.assign(
      { name, path: `../${name}` },
      maybe("suspended", draw(boolean)),
      maybe("default_sling_target", names[0] ?? ""),
      maybe("overrides", [{ agent: "packed", env: { C: "2" } }]),
    );
  const drawPatch = (name: string): TomlRecord =>
    Object.assign({ name }, maybe("suspended", draw(boolean)), { nudge: "go" });
  return {
    ...maybe("include", []),
    workspace: { name: "demo", ...maybe("suspended", draw(boolean)), ...maybe("provider", "claude") },
    ...maybe("session", {
      ...maybe("provider", "k8s"),
      ...maybe("k8s", { namespace: "gc", ...maybe("image", "registry/agent:1") }),
    }),
    ...maybe("providers", { mine: { command: "run it", args: ["-a", "b # c"] } }),
    agent: agents,
    ...(sessions.length > 0 ? { named_session: sessions } : {}),
    ...(rigs.length > 0 ? { rigs: rigs.map(drawRig) } : {}),
    ...(patched.length > 0 && draw(boolean) ? { patches: { agent: patched.map(drawPatch) } } : {}),
    daemon: { patrol_interval: "30s" },
  };
}
