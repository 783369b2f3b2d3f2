export { type AppDeps, createApp } from "./app.js";
export { type Config, readConfig, UsageError } from "./config.js";
export { run } from "./run.js";
export { type RunningServer, type ServerOptions, startServer } from "./server.js";
