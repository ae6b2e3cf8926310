import { argv } from "node:process";
import { CityLease } from "../src/controller/control/city-lease.ts";
import { newIdentity } from "../src/controller/control/lease-holder.ts";
import { openConnection } from "../src/kubernetes/connection.ts";
import { silentLog } from "../src/lib/log.ts";

// A process of its own that contends for a lease, to be stopped and killed. It says on standard output, a JSON value a line,
// what it hears of the lease and whenever the answer to "may I act?" changes. KUBECONFIG is its cluster.
const [, , namespace = "", city = ""] = argv;
const lease = new CityLease({
  connection: openConnection(),
  namespace,
  city,
  identity: newIdentity("headless"),
  log: silentLog,
});
let acts = false;
const tell = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const ask = (): void => {
  if (lease.mayAct() === acts) return;
  acts = !acts;
  tell({ kind: "acts", acts, at: Date.now() });
};
lease.onNews((news) => {
  tell(news);
  ask();
});
setInterval(ask, 20);
lease.contend();
