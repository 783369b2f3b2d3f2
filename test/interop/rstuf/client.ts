import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const python = join(import.meta.dirname, "../../../.interop/python/bin/python");
/** The client polls a task without an end, so something else must end it. */
const PATIENCE_MS = 30_000;

/** What a person would answer to the client, each kind in order. */
export interface Answers {
  /** Lines typed: texts, numbers, yes and no, passwords. Empty takes the default; after the last one comes Ctrl-D. */
  readonly texts?: readonly string[];
  /** Choices from menus, as shown. */
  readonly menus?: readonly string[];
  /** Paths of key files. */
  readonly files?: readonly string[];
}

/** How one run of the client ended. */
export interface Outcome {
  readonly exit_code: number;
  readonly output: string;
  /** The menus that were shown. */
  readonly asked: readonly (readonly string[])[];
  /** Traceback, if it was not an orderly end. */
  readonly crash: string | null;
}

/** What python-tuf makes of a chain of roots. */
export interface Verdict {
  readonly version: number;
  readonly verified: boolean;
  /** Key ids. */
  readonly signed: readonly string[];
  readonly signatures: number;
}

/** A Python process with the client in it; one thing at a time. */
export interface Client {
  /** Runs `rstuf` with arguments. Rejects if the answers do not fit its questions. */
  run(argv: readonly string[], answers?: Answers): Promise<Outcome>;
  /** Judges root files with python-tuf. Rejects if one is not trusted. */
  verify(roots: readonly string[]): Promise<readonly Verdict[]>;
  close(): Promise<void>;
}

/** Starts the process in a folder that is also its home, so nothing of the user's is read. */
export function startClient(folder: string): Client {
  const child = spawn(python, [join(import.meta.dirname, "driver.py")], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      LC_ALL: "C.UTF-8",
      NO_PROXY: "127.0.0.1",
      PYTHONDONTWRITEBYTECODE: "1",
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  // Writing to a process that has ended: the missing answer tells it.
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function step<T extends object>(request: object): Promise<T> {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    const { value } = (await lines.next()) as { value: string | undefined };
    clearTimeout(patience);
    if (value === undefined) throw new Error(`the client did not end by itself: ${JSON.stringify(request)}`);
    const answer = JSON.parse(value) as T | { readonly error: string };
    if ("error" in answer) throw new Error(answer.error);
    return answer;
  }

  return {
    run: (argv, answers = {}) => step<Outcome>({ argv, ...answers }),
    verify: async (roots) => (await step<{ roots: readonly Verdict[] }>({ roots })).roots,
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}
