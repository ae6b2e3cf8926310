/** gc's rule for the names of agents, named sessions and explicit sessions (gascity-spec §1.7, §2.1). */
export const agentNamePattern = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/u;
export const agentNameRule = "must begin with a letter or digit and hold only letters, digits, - and _";

/** Why gc would not take `name` for one of these; undefined when it would. */
export function agentNameProblem(name: string): string | undefined {
  return agentNamePattern.test(name) ? undefined : `A name ${agentNameRule}`;
}
