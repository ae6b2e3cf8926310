import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agentEnvironment, type EnvironmentSources, passedOn } from "./agent-environment.ts";

const sources: EnvironmentSources = {
  identity: { session: "api--a-1", alias: "api/a-1", template: "api/a", origin: "ephemeral" },
  place: {
    root: "/city",
    city: "demo",
    rig: "api",
    rigRoot: "/src/api",
    workDir: "/src/api/a",
    configDir: "/city",
  },
  provider: { name: "codex", env: {} },
  beads: "bd",
  dolt: { host: "", port: "" },
  env: {},
  passed: {},
};

/** In a controller with these variables. */
function within(env: Record<string, string>, more: Partial<EnvironmentSources> = {}): Readonly<Record<string, string>> {
  return agentEnvironment({ ...sources, ...more, env, passed: passedOn(env) });
}

describe("a session's environment", () => {
  it("says who and where it is", () => {
    expect(agentEnvironment(sources)).toEqual({
      GC_SESSION_NAME: "api--a-1",
      GC_AGENT: "api/a-1",
      GC_ALIAS: "api/a-1",
      GC_TEMPLATE: "api/a",
      GC_SESSION_ORIGIN: "ephemeral",
      BEADS_ACTOR: "api--a-1",
      GC_PROVIDER: "codex",
      GC_CITY: "/city",
      GC_CITY_PATH: "/city",
      GC_CITY_RUNTIME_DIR: "/city/.gc/runtime",
      GT_ROOT: "/city",
      GC_DIR: "/src/api/a",
      GC_RIG: "api",
      GC_RIG_ROOT: "/src/api",
      BEADS_DIR: "/src/api/.beads",
      GC_BEADS: "bd",
      BEADS_DOLT_AUTO_START: "0",
      CLAUDECODE: "",
      CLAUDE_CODE_ENTRYPOINT: "",
    });
  });

  it("unsets the variables of a rig for an agent of the city", () => {
    const place = { ...sources.place, rig: "", rigRoot: "" };
    expect(agentEnvironment({ ...sources, place })).toMatchObject({ GC_RIG: "", GC_RIG_ROOT: "", BEADS_DIR: "" });
  });

  it("names the Dolt server that the city or the rig names", () => {
    const env = within({ GC_DOLT_HOST: "other" }, { dolt: { host: "db", port: "3307" } });
    expect(env).toMatchObject({
      GC_DOLT_HOST: "db",
      GC_DOLT_PORT: "3307",
      BEADS_DOLT_SERVER_HOST: "db",
      BEADS_DOLT_SERVER_PORT: "3307",
    });
    expect(within({ GC_DOLT_HOST: "other" })["GC_DOLT_HOST"]).toBe("other");
  });

  it("what is written wins over what the controller has, and what is computed over both", () => {
    const written = { GC_MAIL: "$GC_MAIL-$HOME", GC_CITY: "elsewhere", PATH: "/opt:$PATH" };
    const host = { GC_MAIL: "m", HOME: "/home/me", PATH: "/bin" };
    const env = within(host, { provider: { name: "codex", env: written } });
    expect(env).toMatchObject({ GC_MAIL: "m-/home/me", GC_CITY: "/city", PATH: "/opt:/bin" });
  });

  const kept = `PATH HOME USER LOGNAME XDG_CONFIG_HOME XDG_STATE_HOME ANTHROPIC_API_KEY CLAUDE_CONFIG_DIR
    CLAUDE_CODE_OAUTH_TOKEN OTEL_EXPORTER_OTLP_HEADERS AWS_SECRET_ACCESS_KEY GC_BIN GC_HOME GC_SESSION_ID
    GC_INSTANCE_TOKEN GC_CONTROLLER_TOKEN GC_DOLT_PASSWORD GC_DRAIN GC_DRAIN_ACK GC_RESTART_REQUESTED GC_API_KEY`;
  it.each(kept.split(/\s+/u))("%s of the controller stays with it", (name) => {
    expect(within({ [name]: "host" })).not.toHaveProperty(name);
  });

  it.each(["TZ", "GC_MAIL", "GC_MCP_MAIL_URL", "GC_K8S_IMAGE", "GC_SESSION", "GC_DOLT_HOST", "GC_DOLT_USER"])(
    "%s of the controller goes along",
    (name) => {
      expect(within({ [name]: "v" })).toHaveProperty(name, "v");
    },
  );

  it("has of the controller's nothing but GC_* and TZ, whatever it is", () => {
    const name = fc.oneof(
      fc.stringMatching(/^[A-Z_]{1,12}$/u),
      fc.constantFrom("__proto__", "constructor", "GC_", "gc_x"),
    );
    fc.assert(
      fc.property(fc.dictionary(name, fc.string()), (env) => {
        const own = agentEnvironment(sources);
        const added = Object.keys(within(env)).filter((key) => !Object.hasOwn(own, key));
        for (const key of added) expect(key).toMatch(/^GC_|^TZ$/u);
      }),
    );
  });
});
