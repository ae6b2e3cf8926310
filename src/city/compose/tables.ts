export type { AgentTable } from "../schema/agent.ts";
export type { CityTables } from "../schema/city-tables.ts";
export type { NamedSessionTable } from "../schema/named-session.ts";
export type { ServiceTable } from "../schema/service.ts";
