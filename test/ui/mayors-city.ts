import { cityText } from "../cluster/city-text.ts";

/** A city on the test cluster whose one agent, the mayor, always runs. */
export function mayorsCity(name: string, namespace: string, image: string): string {
  const mayor =
    '[[agent]]\nname = "mayor"\nstart_command = "sh"\n\n[[named_session]]\ntemplate = "mayor"\nmode = "always"\n';
  return cityText(name, { name: namespace, image }, mayor);
}
