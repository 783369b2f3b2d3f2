import { type ServerOptions, startServer } from "./server.js";

/** Serves until SIGTERM or SIGINT, then finishes what is in hand and lets the process end with 0. */
export async function run(options: ServerOptions): Promise<void> {
  const server = await startServer(options);
  let closing = false;
  const close = () => {
    // npm and the terminal may both deliver the signal: the second one while closing changes nothing.
    if (closing) return;
    closing = true;
    server.close().catch((error: unknown) => {
      options.report(error);
      process.exitCode = 1;
    });
  };
  process.on("SIGTERM", close);
  process.on("SIGINT", close);
  console.log(`listening on ${server.url}`);
}
