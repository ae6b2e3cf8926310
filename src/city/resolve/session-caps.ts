import type { CitySession } from "../city.ts";
import type { CityTables } from "../schema/city-tables.ts";

export interface PlannedSession {
  readonly session: CitySession;
  /** Empty for a session of the city's own. */
  readonly rig: string;
}

/** Takes the wish from sessions beyond the caps of their rig and of the city, the last ones first. */
export function capSessions(
  planned: readonly PlannedSession[],
  { workspace, rigs = [] }: Pick<CityTables, "workspace" | "rigs">,
): readonly CitySession[] {
  const caps = new Map(rigs.map(({ name, max_active_sessions: cap }) => [name, cap]));
  const counts = new Map<string, number>();
  let wantedOfCity = 0;
  return planned.map(({ session, rig }) => {
    if (!session.wanted) return session;
    const ofRig = (counts.get(rig) ?? 0) + 1;
    const rigCap = rig === "" ? undefined : caps.get(rig);
    if (isAbove(ofRig, rigCap)) return unwanted(session, `above max_active_sessions = ${rigCap} of the rig "${rig}"`);
    const cityCap = workspace?.max_active_sessions;
    if (isAbove(wantedOfCity + 1, cityCap))
      return unwanted(session, `above workspace.max_active_sessions = ${cityCap}`);
    counts.set(rig, ofRig);
    wantedOfCity += 1;
    return session;
  });
}

/** No cap and a negative one are no limit. */
function isAbove(count: number, cap: number | undefined): boolean {
  return cap !== undefined && cap >= 0 && count > cap;
}

function unwanted(session: CitySession, reason: string): CitySession {
  return { ...session, wanted: false, reason };
}
