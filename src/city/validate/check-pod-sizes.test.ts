import { expect, it } from "vitest";
import { composeCity } from "../compose/compose-city.ts";
import { memoryFiles } from "../files/memory-files.ts";
import { checkPodSizes } from "./check-pod-sizes.ts";

function find(city: string, kubernetes = "", env: Readonly<Record<string, string>> = {}) {
  const files = memoryFiles({ "/city/city.toml": city, "/city/kubernetes.toml": kubernetes });
  return checkPodSizes(composeCity(files, "/city"), env, true).map(
    ({ severity, origin, message }) => `${severity} ${origin.file} ${origin.path.join(".")}: ${message}`,
  );
}

it.each([
  "",
  '[session.k8s]\ncpu_request = "2"',
  '[session.k8s]\ncpu_request = "2000m"\ncpu_limit = "2"\nmem_limit = "1024Mi"',
])("is content with %j", (city) => {
  expect(find(city)).toEqual([]);
});

it("finds what is promised above a limit, written or not", () => {
  expect(find('[session.k8s]\ncpu_request = "2500m"\nmem_limit = "512Mi"')).toEqual([
    'error /city/city.toml session.k8s.cpu_request: Pods would be promised cpu_request = "2500m", which is above cpu_limit = "2"',
    'error /city/city.toml session.k8s.mem_limit: Pods would be promised mem_request = "1Gi", which is above mem_limit = "512Mi"',
  ]);
});

it("compares an agent's own with those of all", () => {
  const city = '[session.k8s]\nmem_limit = "8Gi"';
  const kubernetes =
    '[agents.a]\nmem_request = "8Gi"\n[agents.b]\nmem_request = "9Gi"\n[agents.c]\nmem_request = "9Gi"\nmem_limit = "9Gi"';
  expect(find(city, kubernetes)).toEqual([
    'error /city/kubernetes.toml agents.b.mem_request: The pods of "b" would be promised mem_request = "9Gi", which is above mem_limit = "8Gi"',
  ]);
});

it("minds the environment", () => {
  expect(find('[session.k8s]\ncpu_request = "4"', "", { GC_K8S_CPU_LIMIT: "4" })).toEqual([]);
  expect(find('[session.k8s]\ncpu_request = "4"', "", { GC_K8S_CPU_REQUEST: "1" })).toEqual([]);
});
