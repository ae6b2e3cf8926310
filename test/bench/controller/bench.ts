import { env } from "node:process";
import { leaseCluster } from "../../cluster/cluster.ts";
import { measureCities } from "./cities.ts";
import { measureDecisions } from "./decisions.ts";

await measureDecisions();

await using cluster = await leaseCluster((step) => console.error(`cluster: ${step}`));
env["KUBECONFIG"] = env["GASCITY_TEST_KUBECONFIG"] = cluster.kubeconfig;
env["GASCITY_TEST_IMAGE"] = cluster.image;
await measureCities();
