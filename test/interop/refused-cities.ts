const pack = (name: string, rest = ""): string => `[pack]\nname = "${name}"\nschema = 2\n${rest}`;
const agent = (name: string, rest = ""): string => `[[agent]]\nname = "${name}"\n${rest}`;
const rig = (rest: string): string => `[[rigs]]\nname = "r"\npath = "r"\n${rest}`;
const named = (rest: string): string => `[[named_session]]\n${rest}`;
const service = (rest: string): string => `[[service]]\nname = "s"\n${rest}`;
const usesP = '[workspace]\nincludes = ["p"]\n';

/** Cities that gc refuses, each for one reason: their files by path. */
export const refusedCities: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a file that is not TOML": { "city.toml": "[workspace\n" },
  "a string for a number": { "city.toml": agent("a", 'max_active_sessions = "3"\n') },
  "a table for a string": { "city.toml": '[workspace]\nname = { x = "y" }\n' },
  "a float for a whole number": { "city.toml": "[dolt]\nport = 1.5\n" },
  "a date for a string": { "city.toml": "[workspace]\nname = 2026-01-01\n" },
  "a wrong type in agent.toml": { "city.toml": "", "pack.toml": pack("c"), "agents/a/agent.toml": "nudge = 3\n" },
  "a missing fragment": { "city.toml": 'include = ["none.toml"]\n' },
  "a fragment that includes": { "city.toml": 'include = ["a.toml"]\n', "a.toml": 'include = ["b.toml"]\n' },
  "a fragment that is not TOML": { "city.toml": 'include = ["a.toml"]\n', "a.toml": "[" },
  "a missing import": { "city.toml": '[imports.x]\nsource = "none"\n' },
  "a missing import of a pack": {
    "city.toml": '[imports.p]\nsource = "p"\n',
    "p/pack.toml": pack("p", '[imports.x]\nsource = "none"\n'),
  },
  "a missing pack of a rig": { "city.toml": rig('includes = ["none"]\n') },
  "a remote pack that was not fetched": { "city.toml": '[imports.x]\nsource = "https://example.invalid/x.git"\n' },
  "a circle of includes": {
    "city.toml": usesP,
    "p/pack.toml": '[pack]\nname = "p"\nschema = 1\nincludes = ["../q"]\n',
    "q/pack.toml": '[pack]\nname = "q"\nschema = 1\nincludes = ["../p"]\n',
  },
  "a circle of imports": {
    "city.toml": '[imports.p]\nsource = "p"\n',
    "p/pack.toml": pack("p", '[imports.q]\nsource = "../q"\n'),
    "q/pack.toml": pack("q", '[imports.p]\nsource = "../p"\n'),
  },
  "a pack without a name": { "city.toml": usesP, "p/pack.toml": "[pack]\nschema = 2\n" },
  "a pack without a schema": { "city.toml": usesP, "p/pack.toml": '[pack]\nname = "p"\n' },
  "a pack of a later schema": { "city.toml": usesP, "p/pack.toml": '[pack]\nname = "p"\nschema = 3\n' },
  "a city's pack of a later schema": { "city.toml": "", "pack.toml": '[pack]\nname = "p"\nschema = 3\n' },
  "a requirement of nowhere": {
    "city.toml": usesP,
    "p/pack.toml": pack("p", '[[pack.requires]]\nscope = "moon"\nagent = "a"\n'),
  },
  "a requirement of nobody": { "city.toml": usesP, "p/pack.toml": pack("p", '[[pack.requires]]\nscope = "city"\n') },
  "a required agent that is missing": {
    "city.toml": usesP,
    "p/pack.toml": pack("p", '[[pack.requires]]\nscope = "city"\nagent = "a"\n'),
  },
  "a required agent that is missing in a rig": {
    "city.toml": rig('[rigs.imports.p]\nsource = "p"\n'),
    "p/pack.toml": pack("p", '[[pack.requires]]\nscope = "rig"\nagent = "a"\n'),
  },
  "an agent of two packs": {
    "city.toml": '[workspace]\nincludes = ["p", "q"]\n',
    "p/pack.toml": pack("p", agent("a")),
    "q/pack.toml": pack("q", agent("a")),
  },
  "an agent of two packs in a rig": {
    "city.toml": rig('includes = ["p", "q"]\n'),
    "p/pack.toml": pack("p", agent("a")),
    "q/pack.toml": pack("q", agent("a")),
  },
  "a service of a rig's pack": { "city.toml": rig('includes = ["p"]\n'), "p/pack.toml": pack("p", service("")) },
  "a service that a pack publishes": {
    "city.toml": usesP,
    "p/pack.toml": pack("p", service('publish_mode = "direct"\n')),
  },
  "a patch of no agent": { "city.toml": '[[patches.agent]]\nname = "a"\n' },
  "a patch of an implicit agent": {
    "city.toml": '[workspace]\nprovider = "claude"\n[[patches.agent]]\nname = "claude"\n',
  },
  "a patch of an agent that a rig gets later": {
    "city.toml": `${rig('includes = ["p"]\n')}[[patches.agent]]\ndir = "r"\nname = "a"\n`,
    "p/pack.toml": pack("p", agent("a")),
  },
  "a patch of no rig": { "city.toml": '[[patches.rigs]]\nname = "r"\n' },
  "a patch of a built-in provider": {
    "city.toml": '[workspace]\nprovider = "claude"\n[[patches.providers]]\nname = "claude"\ncommand = "x"\n',
  },
  "a pack's patch of no agent": { "city.toml": usesP, "p/pack.toml": pack("p", '[[patches.agent]]\nname = "a"\n') },
  "an override of no agent": {
    "city.toml": rig('includes = ["p"]\n[[rigs.overrides]]\nagent = "a"\n'),
    "p/pack.toml": pack("p"),
  },
  "an agent without a name": { "city.toml": '[[agent]]\nnudge = "x"\n' },
  "an agent with an empty name": { "city.toml": agent("") },
  "an agent with a bad name": { "city.toml": agent("a.b") },
  "two agents of a name": { "city.toml": agent("a") + agent("a") },
  "two imports of one pack": {
    "city.toml": '[imports.a]\nsource = "p"\n[imports.b]\nsource = "p"\n',
    "p/pack.toml": pack("p", agent("x")),
  },
  "an unknown scope": { "city.toml": agent("a", 'scope = "moon"\n') },
  "an unknown prompt mode": { "city.toml": agent("a", 'prompt_mode = "shout"\n') },
  "a prompt flag that is missing": { "city.toml": agent("a", 'prompt_mode = "flag"\n') },
  "an unknown wake mode": { "city.toml": agent("a", 'wake_mode = "gently"\n') },
  "a wake mode that a patch spoils": {
    "city.toml": `${agent("a")}[[patches.agent]]\nname = "a"\nwake_mode = "gently"\n`,
  },
  "fewer than no sessions": { "city.toml": agent("a", "min_active_sessions = -1\n") },
  "a limit below none": { "city.toml": agent("a", "max_active_sessions = -2\n") },
  "a minimum above the limit": { "city.toml": agent("a", "min_active_sessions = 3\nmax_active_sessions = 2\n") },
  "a minimum that a patch sets above the limit": {
    "city.toml": `${agent("a", "max_active_sessions = 2\n")}[[patches.agent]]\nname = "a"\nmin_active_sessions = 3\n`,
  },
  "a dependency on nobody": { "city.toml": agent("a", 'depends_on = ["b"]\n') },
  "a dependency on oneself": { "city.toml": agent("a", 'depends_on = ["a"]\n') },
  "a circle of dependencies": {
    "city.toml":
      agent("a", 'depends_on = ["b"]\n') + agent("b", 'depends_on = ["c"]\n') + agent("c", 'depends_on = ["a"]\n'),
  },
  "a named session of nobody": { "city.toml": named('template = "a"\n') },
  "a named session without a template": { "city.toml": named('name = "a"\n') },
  "a named session with a bad name": { "city.toml": agent("a") + named('template = "a"\nname = "x y"\n') },
  "a named session with a bad template": { "city.toml": agent("a") + named('template = "a/b"\n') },
  "two named sessions of a name": { "city.toml": agent("a") + named('template = "a"\n').repeat(2) },
  "a named session in an unknown scope": { "city.toml": agent("a") + named('template = "a"\nscope = "moon"\n') },
  "a named session in an unknown mode": { "city.toml": agent("a") + named('template = "a"\nmode = "often"\n') },
  "a named session of another scope": {
    "city.toml": usesP,
    "p/pack.toml": pack("p", agent("a", 'scope = "rig"\n') + named('template = "a"\n')),
  },
  "more sessions that always run than there may be": {
    "city.toml":
      agent("a", "max_active_sessions = 1\n") +
      named('template = "a"\nmode = "always"\n') +
      named('name = "b"\ntemplate = "a"\nmode = "always"\n'),
  },
  "a session that always runs and sleeps": {
    "city.toml": agent("a", 'sleep_after_idle = "1h"\n') + named('template = "a"\nmode = "always"\n'),
  },
  "a session that always runs where all sleep": {
    "city.toml": `[session_sleep]\ninteractive_resume = "1h"\n${agent("a")}${named('template = "a"\nmode = "always"\n')}`,
  },
  "two sessions that run under one name": {
    "city.toml": `[workspace]\nsession_template = "one"\n${agent("a")}${agent("b")}${named('template = "a"\n')}${named('template = "b"\n')}`,
  },
  "a named session whose agent a closed import leaves behind": {
    "city.toml": '[imports.p]\nsource = "p"\ntransitive = false\n',
    "p/pack.toml": pack("p", '[imports.q]\nsource = "../q"\n'),
    "q/pack.toml": pack("q", agent("a") + named('template = "a"\n')),
  },
  "an included pack that is not TOML": { "city.toml": usesP, "p/pack.toml": "[" },
  "a pack of a pack that is imported and missing": {
    "city.toml": '[workspace]\nincludes = ["p"]\n[imports.p]\nsource = "p"\n',
    "p/pack.toml": pack("p", '[imports.q]\nsource = "../q"\n'),
  },
  "a rig without a name": { "city.toml": '[[rigs]]\npath = "r"\n' },
  "a rig without a path": { "city.toml": '[[rigs]]\nname = "r"\n' },
  "two rigs of a name": { "city.toml": `${rig("")}[[rigs]]\nname = "r"\npath = "x"\nprefix = "y"\n` },
  "two rigs of a prefix": { "city.toml": `${rig('prefix = "ab"\n')}[[rigs]]\nname = "x"\npath = "x"\nprefix = "AB"\n` },
  "a rig of the city's prefix": { "city.toml": `[workspace]\nname = "main"\n${rig('prefix = "MA"\n')}` },
  "a service without a name": { "city.toml": "[[service]]\n" },
  "a service with a bad name": {
    "city.toml": '[[service]]\nname = "a b"\n[service.workflow]\ncontract = "gc.healthz.v1"\n',
  },
  "two services of a name": { "city.toml": service('[service.workflow]\ncontract = "gc.healthz.v1"\n').repeat(2) },
  "a service of an unknown kind": { "city.toml": service('kind = "cron"\n') },
  "a workflow without a contract": { "city.toml": service("") },
  "a process without a command": { "city.toml": service('kind = "proxy_process"\n') },
  "a process with an empty command": {
    "city.toml": service('kind = "proxy_process"\n[service.process]\ncommand = [" "]\n'),
  },
  "a service published otherwise": {
    "city.toml": service('publish_mode = "radio"\n[service.workflow]\ncontract = "gc.healthz.v1"\n'),
  },
  "a service seen by others": {
    "city.toml": service('[service.publication]\nvisibility = "all"\n[service.workflow]\ncontract = "gc.healthz.v1"\n'),
  },
  "a direct service that is private": {
    "city.toml": service(
      'publish_mode = "direct"\n[service.publication]\nvisibility = "private"\n[service.workflow]\ncontract = "gc.healthz.v1"\n',
    ),
  },
  "a service of a bad host": {
    "city.toml": service('[service.publication]\nhostname = "a.b"\n[service.workflow]\ncontract = "gc.healthz.v1"\n'),
  },
  "a service with its state elsewhere": {
    "city.toml": service('state_root = "state"\n[service.workflow]\ncontract = "gc.healthz.v1"\n'),
  },
  "a service that climbs out of its state": {
    "city.toml": service('state_root = ".gc/services/../x"\n[service.workflow]\ncontract = "gc.healthz.v1"\n'),
  },
  "an import of a name that is gc's own": {
    "city.toml": '[imports.core]\nsource = "p"\n',
    "p/pack.toml": pack("p"),
    ".home/.gc/implicit-import.toml": 'schema = 1\n[imports.core]\nsource = "x"\n',
  },
};
