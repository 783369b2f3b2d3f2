import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "../..");

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Sends a signal and waits until the process is gone: its exit code, `null` if the signal ended it. */
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

/** Starts a program of this repository that prints `listening on URL`, and waits until it does. */
export async function startServerProcess(program: string, ...args: string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(root, "scripts/run.mjs"), join(root, program), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit") as Promise<[number | null]>;
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^listening on (\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    return {
      url,
      child,
      async stop(signal) {
        child.kill(signal);
        return (await exited)[0];
      },
    };
  }
  throw new Error(`${program} ended before it was listening`);
}
