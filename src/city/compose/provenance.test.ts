import { describe, expect, it } from "vitest";
import { Provenance } from "./provenance.ts";

const city = { file: "/city/city.toml", path: [] };

describe("Provenance", () => {
  it("a key is where its table is, unless another table gave it its value", () => {
    const provenance = new Provenance();
    const agent = { name: "a", nudge: "hi" };
    provenance.declare(agent, { file: "/city/city.toml", path: ["agent", 2] });
    provenance.set(agent, "nudge", { file: "/city/f.toml", path: ["patches", "agent", 0, "nudge"] });
    expect(provenance.ofKey(agent, "name")).toEqual({ file: "/city/city.toml", path: ["agent", 2, "name"] });
    expect(provenance.ofKey(agent, "nudge")).toEqual({
      file: "/city/f.toml",
      path: ["patches", "agent", 0, "nudge"],
    });
  });

  it("a copy remembers what its original does, and then goes its own way", () => {
    const provenance = new Provenance();
    const pack = { dir: "" };
    provenance.declare(pack, { file: "/p/pack.toml", path: ["agent", 0] });
    const stamped = { dir: "api" };
    provenance.copy(pack, stamped);
    provenance.set(stamped, "dir", { file: "/city/city.toml", path: ["rigs", 0] });
    expect(provenance.of(stamped)).toEqual({ file: "/p/pack.toml", path: ["agent", 0] });
    expect(provenance.ofKey(pack, "dir")).toEqual({ file: "/p/pack.toml", path: ["agent", 0, "dir"] });
  });

  it("a path in the composed city leads to the file that wrote it", () => {
    const provenance = new Provenance();
    const first = { name: "a", env: { A: "1", B: "2" } };
    const second = { name: "b" };
    const config = { agent: [first, second], daemon: { patrol_interval: "1s" } };
    provenance.declare(config, city);
    provenance.declare(first, { file: "/p/pack.toml", path: ["agent", 0] });
    provenance.declare(second, { file: "/city/city.toml", path: ["agent", 0] });
    provenance.set(first.env, "B", { file: "/city/city.toml", path: ["patches", "agent", 0, "env", "B"] });
    const locate = (...path: (string | number)[]) => {
      const origin = provenance.locate(config, path);
      return `${origin?.file} ${origin?.path.join(".")}`;
    };
    expect(locate("agent", 0, "env", "A")).toBe("/p/pack.toml agent.0.env.A");
    expect(locate("agent", 0, "env", "B")).toBe("/city/city.toml patches.agent.0.env.B");
    expect(locate("agent", 1, "name")).toBe("/city/city.toml agent.0.name");
    expect(locate("daemon", "patrol_interval")).toBe("/city/city.toml daemon.patrol_interval");
    expect(locate("daemon", "none", "deeper")).toBe("/city/city.toml daemon.none.deeper");
    expect(locate("__proto__", "x")).toBe("/city/city.toml __proto__.x");
  });

  it("what no file has written has no origin", () => {
    const provenance = new Provenance();
    expect(provenance.ofKey({}, "a")).toBeUndefined();
    expect(provenance.locate({ a: 1 }, ["a"])).toBeUndefined();
  });
});
