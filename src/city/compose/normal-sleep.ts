import type { CityDraft } from "./city-draft.ts";
import type { Composition } from "./composition.ts";
import type { Provenance } from "./provenance.ts";

/** Writes all idle times of the city as gc keeps them: without blanks around them, "off" in lower case. */
export function withNormalSleep(draft: CityDraft, { provenance }: Composition): CityDraft {
  const { session_sleep } = draft.tables;
  const keys = ["interactive_resume", "interactive_fresh", "noninteractive"] as const;
  return {
    ...draft,
    tables: session_sleep
      ? { ...draft.tables, session_sleep: normalized(session_sleep, keys, provenance) }
      : draft.tables,
    rigs: draft.rigs.map((rig) => {
      if (!rig.session_sleep) return rig;
      const session_sleep = normalized(rig.session_sleep, keys, provenance);
      if (session_sleep === rig.session_sleep) return rig;
      const normal = { ...rig, session_sleep };
      provenance.copy(rig, normal);
      return normal;
    }),
    agents: draft.agents.map((agent) => {
      const table = normalized(agent.table, ["sleep_after_idle"], provenance);
      return table === agent.table ? agent : { ...agent, table };
    }),
  };
}

function normalized<Table extends object>(table: Table, keys: readonly (keyof Table)[], provenance: Provenance): Table {
  const changes = keys.flatMap((key) => {
    const value = table[key];
    return typeof value === "string" && value !== normalSleep(value) ? [[key, normalSleep(value)]] : [];
  });
  if (changes.length === 0) return table;
  const normal = { ...table, ...Object.fromEntries(changes) };
  provenance.copy(table, normal);
  return normal;
}

function normalSleep(value: string): string {
  const trimmed = value.trim();
  return trimmed.toLowerCase() === "off" ? "off" : trimmed;
}
