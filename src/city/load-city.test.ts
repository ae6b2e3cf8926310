import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cityOfText } from "../../test/city-of-text.ts";
import { memoryFiles } from "./files/memory-files.ts";
import { loadCity } from "./load-city.ts";

const load = (text: string, env: Record<string, string> = {}) => cityOfText(text, { env });

/** Each diagnostic with the text it points at, so that a test shows both. */
function findings(text: string): string[] {
  return load(text).diagnostics.map(({ severity, message, range }) => {
    const line = text.split("\n")[range.start.line] ?? "";
    const pointed = line.slice(
      range.start.character,
      range.end.line === range.start.line ? range.end.character : undefined,
    );
    return `${severity} at <${pointed}>: ${message}`;
  });
}

const agent = '[[agent]]\nname = "coder"\nstart_command = "sh"\n';

describe("sessions", () => {
  const sessions = (text: string) =>
    load(text).city?.sessions.map(({ name, agent, wanted }) => ({ name, agent, wanted }));

  it("always named sessions are wanted, on-demand ones are only known", () => {
    const text = `[workspace]\nname = "demo"\nsession_template = "{{.City}}-{{.Agent}}"\n${agent}
[[named_session]]\ntemplate = "coder"\nmode = "always"\n[[named_session]]\nname = "night"\ntemplate = "coder"\n`;
    expect(sessions(text)).toEqual([
      { name: "demo-coder", agent: "coder", wanted: true },
      { name: "demo-night", agent: "night", wanted: false },
    ]);
  });

  it("a pool is filled to its minimum, and its slots are numbered", () => {
    expect(sessions(`${agent}min_active_sessions = 2\nmax_active_sessions = 4\n`)).toEqual([
      { name: "coder-1", agent: "coder-1", wanted: true },
      { name: "coder-2", agent: "coder-2", wanted: true },
    ]);
  });

  it("an agent with at most one session has no slot number", () => {
    expect(sessions(`${agent}min_active_sessions = 1\nmax_active_sessions = 1\n`)).toEqual([
      { name: "coder", agent: "coder", wanted: true },
    ]);
  });

  it("an agent that nothing starts can be started by hand", () => {
    expect(sessions(agent)).toEqual([{ name: "coder", agent: "coder", wanted: false }]);
  });

  it("an agent with max_active_sessions = 0 has no session", () => {
    expect(sessions(`${agent}max_active_sessions = 0\n`)).toEqual([]);
  });

  it("a suspended agent is not wanted and says so", () => {
    const [session] = load(`${agent}suspended = true\nmin_active_sessions = 1\n`).city?.sessions ?? [];
    expect(session).toMatchObject({ wanted: false, reason: "suspended in city.toml" });
  });

  it("the city's cap leaves the last sessions unwanted, with the reason", () => {
    const city = load(`[workspace]\nmax_active_sessions = 2\n${agent}min_active_sessions = 3\n`).city;
    expect(city?.sessions.map(({ wanted }) => wanted)).toEqual([true, true, false]);
    expect(city?.sessions[2]?.reason).toBe("above workspace.max_active_sessions = 2");
  });

  it("an agent in a directory is called by its qualified name", () => {
    expect(sessions(`${agent}dir = "api"\nmin_active_sessions = 1\n`)).toEqual([
      { name: "api--coder-1", agent: "api/coder-1", wanted: true },
    ]);
  });

  it("the environment tells the agent who and where it is, and the agent's own values expand the controller's", () => {
    const city = load(`${agent}env = { TOKEN = "$SECRET-\${MISSING}x", GC_CITY = "no" }\nwork_dir = "api"\n`, {
      SECRET: "s3",
    }).city;
    expect(city?.sessions[0]?.config).toMatchObject({
      workDir: "/city/demo/api",
      env: {
        TOKEN: "s3-x",
        GC_CITY: "/city/demo",
        GC_DIR: "/city/demo/api",
        GC_SESSION_NAME: "coder",
        GC_ALIAS: "coder",
      },
    });
  });

  it("the command comes from the agent, else the workspace, else the provider's preset", () => {
    const commandOf = (text: string) => load(text).city?.sessions[0]?.config.command;
    const bare = '[[agent]]\nname = "coder"\n';
    expect(commandOf(`[workspace]\nprovider = "codex"\nstart_command = "run"\n${agent}`)).toBe("sh");
    expect(commandOf(`[workspace]\nprovider = "codex"\nstart_command = "run"\n${bare}`)).toBe("run");
    expect(commandOf(`[workspace]\nprovider = "claude"\n${bare}`)).toBe(
      "claude --dangerously-skip-permissions --effort max",
    );
  });
});

describe("provider", () => {
  it("without a word it is local tmux on a socket named after the city", () => {
    expect(load("").city).toMatchObject({ name: "demo", provider: { kind: "tmux", socket: "demo" } });
  });

  it("GC_SESSION and GC_K8S_* win over the file, the file over gc's defaults", () => {
    const text = '[session]\nprovider = "tmux"\n[session.k8s]\nimage = "a:1"\nmem_limit = "8Gi"\nnamespace = "team"\n';
    expect(load(text, { GC_SESSION: "k8s", GC_K8S_IMAGE: "b:2", GC_K8S_CONTEXT: "" }).city?.provider).toMatchObject({
      kind: "k8s",
      settings: { image: "b:2", memoryLimit: "8Gi", namespace: "team", cpuRequest: "500m", context: "" },
    });
  });
});

describe("diagnostics stand at their place", () => {
  it.each([
    ["syntax", 'x = 1\n[workspace\nname = "a"', /^error at <.*>: This is not valid TOML: /u],
    ["type", "[workspace]\nname = 3\n", "error at <3>: workspace.name must be a string"],
    ["missing key", '[[agent]]\nstart_command = "sh"\n', "error at <agent>: agent[0].name is required"],
    ["enum", `${agent}wake_mode = "later"\n`, 'error at <"later">: agent[0].wake_mode must be "resume" or "fresh"'],
    [
      "duration",
      '[session]\nstartup_timeout = "soon"\n',
      'warning at <"soon">: session.startup_timeout must be a duration such as "30s" or "1h30m"',
    ],
    [
      "quantity",
      '[session.k8s]\ncpu_limit = "two"\n',
      'error at <"two">: session.k8s.cpu_limit must be a Kubernetes quantity such as "500m" or "1Gi"',
    ],
    ["unknown key", `${agent}nugde = "hi"\n`, 'warning at <nugde>: Unknown key "nugde": did you mean "nudge"?'],
    ["unknown table", "[wrokspace]\n", 'warning at <wrokspace>: Unknown key "wrokspace": did you mean "workspace"?'],
    [
      "key without effect",
      "[daemon]\nmax_restarts = 1\n",
      'warning at <max_restarts>: "daemon.max_restarts" has no effect',
    ],
    [
      "key without effect in pods",
      '[session]\nprovider = "k8s"\ndebounce_ms = 1\n',
      'warning at <debounce_ms>: "session.debounce_ms" has no effect on Kubernetes',
    ],
    ["old form", "[agents]\n", 'warning at <agents>: "agents" is an old form: write agent_defaults'],
    [
      "provider",
      '[session]\nprovider = "docker"\n',
      'error at <"docker">: session.provider: "docker" is not supported: use "k8s", "tmux" or "exec:SCRIPT"',
    ],
    [
      "duplicate agent",
      agent + agent,
      'error at <"coder">: Agent "coder": another agent has the name "coder" in the city, too; give one of them another',
    ],
    [
      "template",
      `${agent}[[named_session]]\ntemplate = "codre"\n`,
      'error at <"codre">: There is no agent "codre": did you mean "coder"?',
    ],
    [
      "caps",
      `${agent}min_active_sessions = 3\nmax_active_sessions = 2\n`,
      'error at <3>: Agent "coder": min_active_sessions = 3 is above max_active_sessions = 2',
    ],
    ["no command", '[[agent]]\nname = "coder"\n', /^warning at <"coder">: Agent "coder": nothing says what to run/u],
    [
      "unknown provider",
      '[[agent]]\nname = "a"\nprovider = "cladue"\n',
      /^warning at <"cladue">: .*did you mean "claude"\?/u,
    ],
    [
      "inline table",
      '[[agent]]\nname = "a"\nstart_command = "sh"\nenv = { A = 1 }\n',
      "error at <1>: agent[0].env.A must be a string",
    ],
  ])("%s", (_, text, expected) => {
    expect(findings(text)).toEqual([expected instanceof RegExp ? expect.stringMatching(expected) : expected]);
  });

  it("an always session beyond the agent's maximum is refused as gc does", () => {
    const text = `${agent}max_active_sessions = 1\n[[named_session]]\ntemplate = "coder"\nmode = "always"\n[[named_session]]\nname = "second"\ntemplate = "coder"\nmode = "always"\n`;
    expect(findings(text)).toEqual([
      'error at <"always">: Named session "second": mode "always" is one session too many for max_active_sessions = 1 of the agent "coder"',
    ]);
  });

  it("two agents that would share a session are refused", () => {
    const text = `[workspace]\nsession_template = "{{.City}}"\n${agent}[[agent]]\nname = "b"\nstart_command = "sh"\n`;
    expect(findings(text)).toEqual([expect.stringContaining('"b" would run in the session "demo", as "coder" does')]);
  });
});

describe("a city of several files", () => {
  const pack = '[pack]\nname = "city"\nschema = 2\n';

  it("says which file each diagnostic is of, city.toml first", () => {
    const { diagnostics } = cityOfText(`include = ["more.toml"]\n${agent}nugde = "hi"\n`, {
      others: {
        "more.toml": '[[agent]]\nname = "b"\nprovider = "cladue"\n',
        "pack.toml": `${pack}[imports.x]\nsource = "none"\n`,
        "agents/deep/agent.toml": 'wake_mode = "never"\n',
      },
    });
    expect(diagnostics.map(({ file, range, message }) => `${file}:${range.start.line + 1} ${message}`)).toEqual([
      '/city/demo/city.toml:5 Unknown key "nugde": did you mean "nudge"?',
      '/city/demo/pack.toml:5 There is no pack at "none": /city/demo/none/pack.toml does not exist',
      '/city/demo/agents/deep/agent.toml:1 wake_mode must be "resume" or "fresh"',
      expect.stringMatching(/agents\/deep\/agent\.toml:1 Agent "deep": nothing says what to run/u),
      expect.stringMatching(/^\/city\/demo\/more\.toml:3 Agent "b": .*did you mean "claude"/u),
    ]);
  });

  it("points at the patch that gave an agent what is wrong with it", () => {
    const text = `${agent}max_active_sessions = 2\n[[patches.agent]]\nname = "coder"\nmin_active_sessions = 3\n`;
    expect(findings(text)).toEqual([
      'error at <3>: Agent "coder": min_active_sessions = 3 is above max_active_sessions = 2',
    ]);
  });

  it("speaks of nothing else while one of its files cannot be read", () => {
    const { city, diagnostics } = cityOfText(agent, {
      others: { "pack.toml": `${pack}[[patches.agent]]\nname = "gone"\n[` },
    });
    expect(city).toBeUndefined();
    expect(diagnostics.map(({ file, code }) => [file, code])).toEqual([["/city/demo/pack.toml", "syntax"]]);
  });

  it("does not load without a city.toml, and says so", () => {
    const { city, diagnostics } = loadCity({ root: "/city/none", env: {}, files: memoryFiles({}) });
    expect(city).toBeUndefined();
    expect(diagnostics).toMatchObject([{ file: "/city/none/city.toml", code: "missing-file" }]);
  });

  it("tells what to watch, also what does not exist yet", () => {
    const { paths } = cityOfText(`${agent}prompt_template = "p.md"\n`, { others: { "pack.toml": pack } });
    const files = ["city.toml", "pack.toml", "kubernetes.toml", "p.md"].map((file) => `/city/demo/${file}`);
    expect([...paths.files]).toEqual(expect.arrayContaining(files));
    expect([...paths.folders]).toEqual(["/city/demo/agents", "/city/demo/formulas"]);
  });

  it("takes what pods need from kubernetes.toml", () => {
    const { city, diagnostics } = cityOfText(`${agent}[session]\nprovider = "k8s"\n`, {
      others: {
        "kubernetes.toml": 'service_account = "bot"\n[agents.coder]\nimage = "big:1"\n[agents.codre]\nimage = "x"\n',
      },
    });
    expect(city?.provider).toMatchObject({ settings: { serviceAccount: "bot" } });
    expect(city?.sessions[0]?.config.pod).toEqual({ image: "big:1" });
    expect(diagnostics.map(({ message }) => message)).toEqual(['There is no agent "codre": did you mean "coder"?']);
  });
});

describe("any text", () => {
  const snippet = fc.constantFrom(
    agent,
    "[workspace]\n",
    'name = "a"\n',
    "[[agent]]\n",
    "[session.k8s]\n",
    "=",
    '"',
    "\u0000",
    "\uD800",
    "\r\n",
    "\uFEFF",
    "[__proto__]\n",
    "constructor = 1\n",
    "{",
    "]",
    "'''",
    "name = 1979-05-27\n",
    "agent = 3\n",
    "a.b.c = [1, {x = 2}]\n",
  );

  it("gives a city or an error, never a throw, and points inside the text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(snippet, fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 12 }),
        (parts) => {
          const text = parts.join("");
          const lines = text.split("\n");
          const { city, diagnostics } = load(text);
          expect(city === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
          for (const { range } of diagnostics) {
            expect(range.start.line).toBeLessThan(lines.length);
            expect(range.end.line).toBeLessThan(lines.length);
          }
          expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
        },
      ),
      { numRuns: 100 },
    );
  });
});
