import { parseArgs } from "node:util";

/** What the command line and the environment say. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly store: string;
}

/** Words or values that cannot be understood; the message is for the person at the command line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const USAGE = `usage: npm start -- [--host HOST] [--port PORT] [--store URL]

  --host   address to listen on           TUF_DAS_HOST    default 127.0.0.1
  --port   port to listen on, 0: any      TUF_DAS_PORT    default 8080
  --store  sqlite:FILE or memory:         TUF_DAS_STORE   default sqlite:tuf-das.db
`;

/** Reads the configuration: the command line before the environment before the defaults. */
export function readConfig(
  args: readonly string[],
  env: { readonly [name: string]: string | undefined },
): Config | "help" {
  const values = parse(args);
  if (values.help) return "help";
  const port = values.port ?? env.TUF_DAS_PORT ?? "8080";
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UsageError("--port must be a number from 0 to 65535");
  return {
    host: values.host ?? env.TUF_DAS_HOST ?? "127.0.0.1",
    port: Number(port),
    store: values.store ?? env.TUF_DAS_STORE ?? "sqlite:tuf-das.db",
  };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      host: { type: "string" },
      port: { type: "string" },
      store: { type: "string" },
      help: { type: "boolean" },
    } as const;
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
