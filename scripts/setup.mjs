// Installs what is missing, before any other command of this repository. Needs only Node and npm; says what it
// does on stderr, so that the output of the command itself stays clean.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PNPM = "pnpm@12.21.0";
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** pnpm keeps a copy of the lockfile that it installed from. */
function isInstalled() {
  try {
    const wanted = readFileSync(join(root, "pnpm-lock.yaml"));
    return wanted.equals(readFileSync(join(root, "node_modules/.pnpm/lock.yaml")));
  } catch {
    return false;
  }
}

if (!isInstalled()) {
  console.error(`setting up: installing dependencies with ${PNPM} (once)`);
  const { status, error } = spawnSync("npx", ["-y", PNPM, "install", "--frozen-lockfile"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    env: { ...process.env, CI: "true" },
  });
  if (status !== 0) {
    console.error(`setting up failed${error ? `: ${error.message}` : ""}; is the npm registry reachable?`);
    process.exit(status ?? 1);
  }
}
