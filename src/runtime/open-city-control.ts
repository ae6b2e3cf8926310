import type { City } from "../city/city.ts";
import { CityControl, type CityControlOptions } from "../controller/control/city-control.ts";
import type { DisposableStore } from "../lib/disposable.ts";
import type { Meter } from "../lib/meter.ts";

/**
 * What makes this process the city's controller: the lock of this machine, and on a cluster a lease in the city's namespace,
 * over a connection that belongs to `own`.
 */
export async function openCityControl(
  city: City,
  { meter, ...options }: Omit<CityControlOptions, "cluster"> & { readonly meter?: Meter },
  own: DisposableStore,
): Promise<CityControl> {
  const { provider } = city;
  if (provider.kind !== "k8s") return new CityControl(options);
  const { openConnection } = await import("./on-kubernetes.ts");
  const connection = own.add(openConnection({ context: provider.settings.context, meter }));
  const cluster = { connection, namespace: provider.settings.namespace, city: city.name };
  return new CityControl({ ...options, cluster });
}
