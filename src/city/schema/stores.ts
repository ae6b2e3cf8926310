import * as z from "zod";
import { key } from "./fields.ts";

/** [beads] (gascity-spec §1.7). */
export const beadsTable = z.strictObject({
  provider: key.text({
    description: 'Where work items are kept: `"bd"`, `"file"`, or `"exec:SCRIPT"`. `GC_BEADS` wins.',
    default: "bd",
  }),
});

/** [mail]. */
export const mailTable = z.strictObject({
  provider: key.text({
    description: 'Where mail is kept; `"exec:SCRIPT"` for elsewhere. `GC_MAIL` wins.',
    default: "beads",
  }),
});

/** [events]. */
export const eventsTable = z.strictObject({
  provider: key.text({
    description: 'Where events are kept; `"exec:SCRIPT"` for elsewhere. `GC_EVENTS` wins.',
    default: "a file",
  }),
});

/** [dolt]. */
export const doltTable = z.strictObject({
  port: key.number({ description: "The port of the Dolt server; 0 starts one of the city's own.", default: "0" }),
  host: key.text({
    description: "The host of the Dolt server. In pods, this machine's own becomes the cluster's.",
    default: "localhost",
  }),
});

/** [formulas]. */
export const formulasTable = z.strictObject({
  dir: key.text({ description: "The folder with formulas.", default: "formulas" }),
});
