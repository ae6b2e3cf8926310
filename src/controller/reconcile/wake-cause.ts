/** Why a session shall run (gascity-spec §3.7, wake causes). */
export type WakeCause =
  "always" | "work" | "asked-for" | "dependency" | "minimum" | "scale" | "on-demand" | "pinned" | "attached";
