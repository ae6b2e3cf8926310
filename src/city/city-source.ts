/** What a city is made from. */
export interface CitySource {
  /** The text of city.toml. */
  readonly text: string;
  /** Absolute path of its folder. */
  readonly root: string;
  /** The controller's environment: GC_SESSION and GC_K8S_* win over the file. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
