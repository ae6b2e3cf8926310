const pack = (name: string, rest = ""): string => `[pack]\nname = "${name}"\nschema = 2\n${rest}`;
const agent = (name: string, rest = ""): string => `[[agent]]\nname = "${name}"\nstart_command = "sh"\n${rest}`;
const rig = (name: string, rest = ""): string => `[[rigs]]\nname = "${name}"\npath = "${name}"\n${rest}`;

/** Cities that gc takes, with something in each that its author should know: their files by path. */
export const warnedCities: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a misspelt key": { "city.toml": '[workspace]\nnam = "w"\n' },
  "a misspelt table": { "city.toml": '[[rig]]\nname = "r"\n' },
  "a key in another case": { "city.toml": '[workspace]\nName = "w"\n' },
  "a misspelt key of a pack": {
    "city.toml": '[workspace]\nincludes = ["p"]\n',
    "p/pack.toml": pack("p", '[global]\nsesion_live = ["x"]\n'),
  },
  "a misspelt key of an agent in a folder": {
    "city.toml": "",
    "pack.toml": pack("c"),
    "agents/a/agent.toml": 'start_command = "sh"\nnuge = "x"\n',
  },
  "a key of an old form": { "city.toml": '[agents]\ndefault_sling_formula = "mol"\n' },
  "a key without effect": { "city.toml": '[agent_defaults]\nmodel = "big"\n' },
  "a key without effect on Kubernetes": {
    "city.toml": '[session]\nprovider = "k8s"\nsetup_timeout = "10s"\n',
  },
  "a pack that is not there": { "city.toml": '[workspace]\nincludes = ["p"]\n' },
  "a pack that builds on one that is not there": {
    "city.toml": '[workspace]\nincludes = ["p"]\n',
    "p/pack.toml": '[pack]\nname = "p"\nschema = 1\nincludes = ["../q"]\n',
  },
  "imports beside a pack.toml": {
    "city.toml": '[imports.p]\nsource = "p"\n',
    "pack.toml": pack("c"),
    "p/pack.toml": pack("p"),
  },
  "keys that the city's own pack.toml cannot have": {
    "city.toml": "",
    "pack.toml": pack("c", '[[service]]\nname = "s"\n'),
  },
  "a value that a fragment changes": {
    "city.toml": 'include = ["f.toml"]\n[workspace]\nprovider = "claude"\n',
    "f.toml": '[workspace]\nprovider = "codex"\n',
  },
  "a provider that a fragment changes": {
    "city.toml": 'include = ["f.toml"]\n[providers.x]\ncommand = "a"\nenv = { A = "1" }\n',
    "f.toml": '[providers.x]\ncommand = "b"\nenv = { A = "2" }\n',
  },
  "defaults that a fragment changes": {
    "city.toml": 'include = ["f.toml"]\n[agent_defaults]\ndefault_sling_formula = "a"\n',
    "f.toml": '[agent_defaults]\ndefault_sling_formula = "b"\n',
  },
  "tables that count in city.toml alone": {
    "city.toml": 'include = ["f.toml"]\n',
    "f.toml": '[chat_sessions]\nidle_timeout = "1h"\n[workspace]\nprefix = "x"\n',
  },
  "overrides in a rig without packs": {
    "city.toml": `${rig("r", '[[rigs.overrides]]\nagent = "a"\nnudge = "x"\n')}${agent("a")}`,
  },
  "a duration that is none": { "city.toml": agent("a", 'idle_timeout = "soon"\n') },
  "a city's provider that nobody knows": { "city.toml": '[workspace]\nprovider = "none"\n' },
  "a prompt mode of a provider": { "city.toml": '[providers.x]\ncommand = "x"\nprompt_mode = "shout"\n' },
  "names from a pool without a limit": {
    "city.toml": agent("a", 'namepool = "names.txt"\nmax_active_sessions = -1\n'),
    "names.txt": "one\n",
  },
  "two ways to sleep": { "city.toml": agent("a", 'idle_timeout = "1h"\nsleep_after_idle = "2h"\n') },
  "a sling target that is no agent": { "city.toml": `${rig("r", 'default_sling_target = "b"\n')}${agent("a")}` },
  "an order of no rig": { "city.toml": `[[orders.overrides]]\nname = "o"\nrig = "q"\n${rig("r")}` },
  "more sessions than the city may have": {
    "city.toml": `[workspace]\nmax_active_sessions = 1\n${agent("a", "min_active_sessions = 2\nmax_active_sessions = 2\n")}`,
  },
  "more sessions than a rig may have": {
    "city.toml": `${rig("r", "max_active_sessions = 1\n")}${agent("a", 'dir = "r"\nmin_active_sessions = 2\nmax_active_sessions = 2\n')}`,
  },
  "more named sessions than the city may have": {
    "city.toml": `[workspace]\nmax_active_sessions = 1\n${agent("a")}${agent("b")}${["a", "b"].map((name) => `[[named_session]]\ntemplate = "${name}"\nmode = "always"\n`).join("")}`,
  },
  "pods of no agent": { "city.toml": agent("worker"), "kubernetes.toml": '[agents.worke]\nimage = "x"\n' },
};
