import { executeTemplate } from "../../lib/go-template/execute-template.ts";
import { parseTemplate } from "../../lib/go-template/parse-template.ts";
import { TemplateError } from "../../lib/go-template/template-error.ts";
import type { Template } from "../../lib/go-template/template-node.ts";
import { sessionFragment, splitQualifiedName } from "./qualified-name.ts";

/** Names sessions of one city. */
export interface SessionNaming {
  /** The session's name of an agent or named session, by its qualified name. */
  readonly nameOf: (qualified: string) => string;
  /** Why workspace.session_template cannot be used; its fragment then names every session. */
  readonly problem?: string;
}

/**
 * Names sessions after workspace.session_template, a Go template of `.City`, `.Agent` (the session fragment), `.Dir` and
 * `.Name`. As in gc (gascity-spec §2.1), no template and one that cannot be read or filled give the session fragment.
 */
export function sessionNaming(city: string, template: string): SessionNaming {
  if (template === "") return { nameOf: sessionFragment };
  const templates = new Map<string, Template>();
  const fill = (qualified: string): string => {
    const { dir, name } = splitQualifiedName(qualified);
    const data = { City: city, Agent: sessionFragment(qualified), Dir: dir, Name: name };
    return executeTemplate(templates, "session", { data, missing: "error" });
  };
  try {
    parseTemplate("session", template, templates);
    fill("rig/agent");
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { nameOf: sessionFragment, problem: error.message };
  }
  return {
    nameOf: (qualified) => {
      try {
        return fill(qualified);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        return sessionFragment(qualified);
      }
    },
  };
}
