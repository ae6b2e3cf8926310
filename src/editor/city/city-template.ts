/** A first city.toml for a city of this name: one agent that needs nothing but tmux. */
export function cityTemplate(name: string): string {
  return `# A city of coding agents. Start it with "Gas City: Start City".

[workspace]
name = ${JSON.stringify(name)}

# Where agents run: "tmux" on this machine, or "k8s" as pods of a Kubernetes cluster.
[session]
provider = "tmux"

# For provider = "k8s":
# [session.k8s]
# namespace = "gc"
# image = "registry.example.com/agent:1.0"  # needs sh and tmux

# An agent: a name and the command that runs it, such as "claude" or "codex".
[[agent]]
name = "helper"
start_command = "bash"

# Keeps one session of the agent running while the city is started.
[[named_session]]
template = "helper"
mode = "always"
`;
}
