import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "./exchange.js";

const folder = join(import.meta.dirname, "golden");

/** Everything the client and a server said to each other in one scenario. */
export interface Golden {
  readonly client: string;
  /** What the clock showed. */
  readonly recorded: string;
  readonly exchanges: readonly Exchange[];
}

/** Names of the scenarios that are recorded. */
export function goldenNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length));
}

/** Reads the record of a scenario. */
export function readGolden(name: string): Golden {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Golden;
}

/** Writes the record of a scenario. */
export function writeGolden(name: string, golden: Golden): void {
  // In one piece, since the replaying tests may be reading.
  const file = join(folder, `${name}.json`);
  writeFileSync(`${file}.new`, `${JSON.stringify(golden, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

const TASK = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const SERVER_TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

/**
 * Puts placeholders where two runs of the same requests must differ: the ids that the server gave, in the order
 * in which it gave them, and its times. All of the rest is compared.
 */
export function normaliser() {
  const ids = new Map<string, string>();
  const nameOf = (id: string) => {
    const name = ids.get(id) ?? `<task ${ids.size + 1}>`;
    ids.set(id, name);
    return name;
  };
  return {
    /** An exchange as it is recorded; exchanges must come in order. */
    normalise({ request, response }: Exchange): Exchange {
      const path = request.path.replace(TASK, (id) => ids.get(id) ?? id);
      const body = JSON.stringify(response.body).replace(TASK, nameOf).replace(SERVER_TIME, "<time>");
      return { request: { ...request, path }, response: { ...response, body: JSON.parse(body) } };
    },
    /** A recorded path with this run's ids in it. */
    restore(path: string): string {
      for (const [id, name] of ids) path = path.replace(name, id);
      return path;
    },
  };
}

/** Who asked what and with which success: the part of a record that does not depend on keys and dates. */
export function outline(exchanges: readonly Exchange[]): string[] {
  return exchanges.map(
    ({ request, response }) =>
      `${request.method} ${request.path} ${response.status} ${messageOf(response.body)}`,
  );
}

function messageOf(body: any): string {
  return body.detail?.code ?? body.message;
}
