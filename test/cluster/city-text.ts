/** Where a city's pods run, and in which image. */
export interface CityPlace {
  readonly name: string;
  /** Empty for a city that names none. */
  readonly image: string;
}

/** A city.toml for a namespace of the test cluster, whose pods ask for little; `more` follows: keys of [session.k8s], and its other tables. */
export function cityText(city: string, { name: namespace, image }: CityPlace, more: string): string {
  return `[workspace]
name = "${city}"

[session]
provider = "k8s"

[session.k8s]
namespace = "${namespace}"
${image && `image = "${image}"\n`}cpu_request = "10m"
mem_request = "16Mi"

${more}`;
}
