const packs = ["base", "builders", "reviewers", "writers", "watchers"] as const;
const rigs = numbered("rig", 20);

/**
 * The files of a city by their paths: 200 agents, a quarter each in city.toml and in folders of their own, and the
 * others of five packs in twenty rigs.
 */
export function largeCity(): Readonly<Record<string, string>> {
  return {
    "city.toml": cityToml(),
    "pack.toml": '[pack]\nname = "large"\nschema = 2\n',
    "names.txt": numbered("name", 100).join("\n"),
    ...Object.fromEntries(packs.map((name) => [`packs/${name}/pack.toml`, packToml(name)])),
    ...Object.fromEntries(
      numbered("folder", 50).flatMap((name, index) => [
        [`agents/${name}/agent.toml`, agentKeys(index)],
        [`agents/${name}/prompt.template.md`, `You are {{.AgentName}}.\n`],
      ]),
    ),
  };
}

function cityToml(): string {
  return [
    '[workspace]\nname = "large"\nprovider = "claude"\nmax_active_sessions = 100\n',
    '[agent_defaults]\ndefault_sling_formula = "mol-work"\n',
    '[daemon]\npatrol_interval = "30s"\n',
    ...numbered("agent", 50).map((name, index) => `[[agent]]\nname = "${name}"\n${agentKeys(index)}`),
    ...numbered("agent", 5).map((name) => `[[named_session]]\ntemplate = "${name}"\nmode = "always"\n`),
    ...numbered("agent", 10).map((name) => `[[patches.agent]]\nname = "${name}"\nenv = { PATCHED = "1" }\n`),
    ...rigs.map((name, index) => rigTable(name, packs[1 + (index % 4)] ?? "base")),
  ].join("\n");
}

function rigTable(name: string, pack: string): string {
  return `[[rigs]]
name = "${name}"
path = "rigs/${name}"
prefix = "${name.replace("-", "")}"

[rigs.imports.${pack}]
source = "packs/${pack}"

[[rigs.overrides]]
agent = "${pack}-1"
idle_timeout = "2h"
`;
}

/** Each of the four packs that rigs import has four agents of its own, and one of the pack that all import. */
function packToml(name: string): string {
  const imported = name === "base" ? "" : '[imports.base]\nsource = "../base"\n';
  const agents = numbered(name, name === "base" ? 1 : 4).map(
    (agent, index) => `[[agent]]\nname = "${agent}"\nscope = "rig"\n${agentKeys(index)}`,
  );
  return [`[pack]\nname = "${name}"\nschema = 2\n`, imported, ...agents].join("\n");
}

function agentKeys(index: number): string {
  return `nudge = "Look at your queue, number ${index}."
idle_timeout = "${10 + (index % 50)}m"
max_active_sessions = ${1 + (index % 5)}
work_dir = ".gc/work/{{.AgentBase}}"
session_setup = ["tmux set status off", "tmux set mouse on"]
env = { NUMBER = "${index}" }
`;
}

function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}
