import { valueText } from "../edit/toml/toml-text.ts";
import { beadPrefix } from "../names/bead-prefix.ts";
import type { NewCity, NewCityPlace } from "./new-city.ts";

/** The city.toml of a new city, with words on what to change next. */
export function cityTomlText(city: NewCity): string {
  const parts = [heading(city), session(city.place), mayor(city)];
  if (city.template === "crew") parts.push(workers(city));
  if (city.template === "rig" && city.rig) parts.push(rig(city, city.rig));
  return parts.join("\n");
}

function heading({ name, provider }: NewCity): string {
  return `# A city of coding agents: which there are, and where they run.

[workspace]
name = ${valueText(name)}
${provider === "shell" ? "" : `# What an agent runs unless it says otherwise.\nprovider = ${valueText(provider)}\n`}`;
}

function session(place: NewCityPlace): string {
  if (place.kind === "tmux") {
    return `# Agents run in tmux on this machine; "k8s" runs them as pods of a Kubernetes cluster.
[session]
provider = "tmux"

# For "k8s". The image has to hold sh, tmux and what the agents run.
# [session.k8s]
# namespace = "gc"
# image = "registry.example.com/agent:1"
`;
  }
  return `# Agents run as pods of a Kubernetes cluster; "tmux" runs them on this machine.
[session]
provider = "k8s"
# A node may have to pull the image first.
startup_timeout = "5m"

[session.k8s]
namespace = ${valueText(place.namespace)}
# Has to hold sh, tmux and what the agents run.
image = ${valueText(place.image)}
# The kubeconfig's current context, unless another is named.
# context = "my-cluster"
`;
}

function mayor(city: NewCity): string {
  const content = city.provider === "shell" ? "what it runs" : "what it is told first";
  return `# An agent: its name, and ${content}.
[[agent]]
name = "mayor"
${runs(city, "mayor")}
# Keeps a session of the agent running as long as the city is started.
[[named_session]]
template = "mayor"
mode = "always"
`;
}

function workers(city: NewCity): string {
  return `# A pool: so many sessions of one agent, as there is work for.
[[agent]]
name = "worker"
${runs(city, "worker")}min_active_sessions = 1
max_active_sessions = 3
`;
}

function rig(city: NewCity, { name, path }: NonNullable<NewCity["rig"]>): string {
  const prefix = beadPrefix(name);
  // gc refuses a rig whose prefix is the city's (gascity-spec §1.3).
  const own = prefix === beadPrefix(city.name) ? `prefix = ${valueText(`${prefix}r`)}\n` : "";
  return `# A repository that agents work in. Its path is absolute, or goes from this folder.
[[rigs]]
name = ${valueText(name)}
path = ${valueText(path)}
${own}
# The agents in it: dir is the rig's name.
[[agent]]
name = "coder"
dir = ${valueText(name)}
${runs(city, "coder")}min_active_sessions = 1
max_active_sessions = 2
`;
}

/** What an agent runs, or is told; the workspace says the rest. */
function runs({ provider, place }: NewCity, role: string): string {
  // Only sh is sure to be in an image.
  if (provider === "shell") return `start_command = "${place.kind === "k8s" ? "sh" : "bash"}"\n`;
  return `prompt_template = "prompts/${role}.md"\n`;
}
