// Makes the Python environment that the tests with RSTUF's command line client need: npm run setup:interop.
// Needs python3 (3.10 to 3.14) with venv, and a package index; on Debian: apt-get install python3 python3-venv.
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = join(root, "test/interop/requirements.txt");
const environment = join(root, ".interop/python");
/** The copy is made last, so an environment that has it is complete. test/interop/real-parts.ts looks at it too. */
const installed = join(environment, "requirements.txt");
const python = join(environment, "bin/python");

function isInstalled() {
  try {
    return readFileSync(wanted).equals(readFileSync(installed)) && run(python, "-c", "") === 0;
  } catch {
    return false;
  }
}

function run(command, ...args) {
  return spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] }).status;
}

function fail(message) {
  console.error(`setting up failed: ${message}`);
  process.exit(1);
}

if (!isInstalled()) {
  console.error("setting up: a Python environment with RSTUF's command line client (once, about 200 MB)");
  if (run("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 10))") !== 0) {
    fail("python3 of version 3.10 or newer is not on the PATH");
  }
  if (run("python3", "-c", "import ensurepip, venv") !== 0) {
    fail("python3 has no venv (Debian: apt-get install python3-venv)");
  }
  rmSync(environment, { recursive: true, force: true });
  if (run("python3", "-m", "venv", environment) !== 0) fail("python3 -m venv did not work");
  if (run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted) !== 0) {
    fail("pip could not install test/interop/requirements.txt; is the package index reachable?");
  }
  copyFileSync(wanted, installed);
}
