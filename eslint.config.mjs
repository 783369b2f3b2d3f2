import tseslint from "typescript-eslint";

/** What core may not touch: it decides the same everywhere and every time, so it has no I/O, clock or chance. */
const IMPURE = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: "Time is an argument in core.",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "Time is an argument in core.",
  },
  { selector: "CallExpression[callee.name='Date']", message: "Time is an argument in core." },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: "Core has no randomness.",
  },
  {
    selector: "MemberExpression[property.name=/^(getRandomValues|randomUUID|generateKey)$/]",
    message: "Core has no randomness.",
  },
];

const IMPURE_GLOBALS = [
  "process",
  "Buffer",
  "performance",
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "console",
  "require",
  "XMLHttpRequest",
  "WebSocket",
  "indexedDB",
  "caches",
  "self",
  "navigator",
  "location",
];

export default tseslint.config(
  { ignores: ["**/dist/**", "**/node_modules/**", "**/*.mjs", "reports/**", "**/vectors/**"] },
  {
    files: ["**/*.ts"],
    plugins: { "@typescript-eslint": tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "@typescript-eslint/only-throw-error": "error",
    },
  },
  {
    files: ["packages/core/src/**/*.ts"],
    ignores: ["**/*.test.ts", "packages/core/src/testing/verifier-contract.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["node:*", "@tuf-das/*", "hono", "hono/*"],
              message: "Core is pure and imports no other package of ours.",
            },
          ],
        },
      ],
      "no-restricted-globals": ["error", ...IMPURE_GLOBALS],
      "no-restricted-syntax": ["error", ...IMPURE],
    },
  },
  {
    files: ["packages/store/src/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["@tuf-das/http", "hono", "hono/*"],
              message: "Imports point one way: http, store, core.",
            },
          ],
        },
      ],
    },
  },
);
