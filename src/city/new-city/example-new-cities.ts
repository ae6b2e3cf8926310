import { type CityTemplate, type NewCity, type NewCityPlace, cityTemplates, newCityProviders } from "./new-city.ts";

const places: readonly NewCityPlace[] = [
  { kind: "tmux" },
  { kind: "k8s", image: "registry.example.com/agents/agent:1.0", namespace: "cities" },
];
const names = ["demo", 'a "quoted" name \\ here'];

/** For tests: a city for every answer there is, with a name for each. */
export const everyNewCity: readonly (readonly [what: string, city: NewCity])[] = names.flatMap((name) =>
  newCityProviders.flatMap((provider) =>
    places.flatMap((place) =>
      (Object.keys(cityTemplates) as CityTemplate[]).map((template) => {
        // That of the city would be the rig's prefix too.
        const rig = template === "rig" ? { name: "demo", path: "../a repository" } : undefined;
        return [
          `${template} with ${provider} on ${place.kind}, called ${name}`,
          { name, provider, place, template, rig },
        ];
      }),
    ),
  ),
);
