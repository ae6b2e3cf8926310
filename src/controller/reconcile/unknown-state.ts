import { knownStates, type SessionRecord } from "./session-record.ts";

/** Why a session is left alone whose record is in a state of a later version, and what to do; undefined for any other. */
export function unknownState({
  id,
  state,
}: SessionRecord): { readonly reason: string; readonly action: string } | undefined {
  if (knownStates.has(state)) return undefined;
  return {
    reason: `its record ${id} is in the state "${state}", which this version does not know: it is left alone`,
    action: `Use a version that knows it, or close the record with gc session close ${id}`,
  };
}
