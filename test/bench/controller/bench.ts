import { argv, env } from "node:process";
import { leaseCluster } from "../../cluster/cluster.ts";
import { measureCities } from "./cities.ts";
import { measureDecisions } from "./decisions.ts";
import { measureReactions } from "./reactions.ts";

// npm run bench -- controller [PART]…: all parts without one.
const parts = {
  decisions: measureDecisions,
  reactions: measureReactions,
  async cities(): Promise<void> {
    await using cluster = await leaseCluster((step) => console.error(`cluster: ${step}`));
    env["KUBECONFIG"] = env["GASCITY_TEST_KUBECONFIG"] = cluster.kubeconfig;
    env["GASCITY_TEST_IMAGE"] = cluster.image;
    await measureCities();
  },
};
const asked = argv.slice(3);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}: there are ${Object.keys(parts).join(", ")}`);
for (const [name, run] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) await run();
