import type { CityCommand } from "./command.ts";

/** Clones the packs that the city names and this machine does not have. */
export const fetchPacks: CityCommand = {
  kind: "city",
  id: "gascity.fetchPacks",
  title: "Fetch Missing Packs",
  async run(runtime, { dialogs }) {
    let count = 0;
    await dialogs.progress("Fetching packs", async (report, signal) => {
      const fetched = await runtime
        .fetchPacks(({ repository }) => report(repository), signal)
        .catch((error: unknown) => {
          if (!signal.aborted) throw error;
          return [];
        });
      count = fetched.length;
    });
    dialogs.mention(count === 0 ? "No pack was missing" : `Fetched ${count} pack${count === 1 ? "" : "s"}`);
  },
};
