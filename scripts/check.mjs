// npm run check: types, lint, unused code, packaging. Runs everything, then says what failed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const packages = readdirSync("packages").filter((name) => existsSync(join("packages", name, "package.json")));
const failed = [];

function run(title, command, ...args) {
  console.log(`\n-- ${title}`);
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) failed.push(title);
}

for (const name of packages) rmSync(join("packages", name, "dist"), { recursive: true, force: true });
run("build", "tsc", "-b", "--force", ...packages.map((name) => join("packages", name)));
run("types of sources, tests and examples", "tsc", "-p", "tsconfig.json");
run("format and lint", "biome", "check", "--error-on-warnings", ".");
run("typed lint and the purity of core", "eslint", "--max-warnings", "0", ".");
run("unused files, exports and dependencies", "knip");

const folder = mkdtempSync(join(tmpdir(), "tuf-das-pack-"));
for (const name of packages) {
  run(
    `pack ${name}`,
    "npx",
    "-y",
    "pnpm@12.21.0",
    "--dir",
    join("packages", name),
    "pack",
    "--pack-destination",
    folder,
  );
}
for (const tarball of readdirSync(folder)) {
  run(`packaging of ${tarball}`, "publint", "--strict", join(folder, tarball));
  run(`types of ${tarball}`, "attw", "--profile", "esm-only", join(folder, tarball));
}
rmSync(folder, { recursive: true });

console.log(failed.length === 0 ? "\ncheck: all passed" : `\ncheck: failed: ${failed.join("; ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
