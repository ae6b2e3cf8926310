import { expect, inject } from "vitest";
import { copySampleCity, moveSampleCity } from "../../scripts/sample-city.mts";
import { makeNamespace } from "../machine/kubernetes-namespace.ts";
import { liveOneDay } from "./city-life.ts";
import { scenario } from "./scenario.ts";

scenario("the sample city lives on Kubernetes", async ({ workspace }) => {
  const { kubeconfig, image } = inject("cluster");
  await using namespace = await makeNamespace(kubeconfig, "gascity-ui-");
  const { api, name } = namespace;
  await copySampleCity(workspace.folder);
  await moveSampleCity(workspace.folder, name, image);
  const pods = async () => {
    const { items } = await api.listNamespacedPod({ namespace: name });
    return new Map(items.map(({ metadata }) => [metadata?.name ?? "", metadata?.uid ?? ""]));
  };
  await liveOneDay(
    workspace,
    {
      open: { environment: { KUBECONFIG: kubeconfig } },
      sessions: pods,
      async kill(session) {
        await api.deleteNamespacedPod({ name: session, namespace: name, gracePeriodSeconds: 0 });
      },
    },
    "kubernetes",
  );
  expect(await pods()).toEqual(new Map());
});
