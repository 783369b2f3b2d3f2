import { readConfig, USAGE, UsageError } from "./config.js";
import { run } from "./run.js";

try {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config === "help") console.log(USAGE);
  else await run({ ...config, clock: Date.now, report: console.error });
} catch (error) {
  // A wrong word on the command line, an unknown store, a port in use: the sentence is enough, a stack is not.
  console.error(`tuf-das: ${(error as Error).message}`);
  if (error instanceof UsageError) console.error(USAGE);
  process.exitCode = error instanceof UsageError || error instanceof TypeError ? 2 : 1;
}
