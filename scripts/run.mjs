// Runs a TypeScript program of this repository from its sources: node scripts/run.mjs FILE ARGUMENT…
import "./setup.mjs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { register } = await import("tsx/esm/api");
register();
const [file, ...args] = process.argv.slice(2);
process.argv.splice(1, process.argv.length - 1, resolve(file), ...args);
await import(pathToFileURL(resolve(file)).href);
