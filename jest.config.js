/** Tests run as they are written: ESM and TypeScript, on real databases and in a real browser. */
// Failures that tests cause on purpose are no news. LOG_LEVEL=info npm test shows them.
process.env.LOG_LEVEL ??= "silent";

const swc = (tsx) => [
  "@swc/jest",
  {
    jsc: { target: "es2024", parser: { syntax: "typescript", tsx }, transform: { react: { runtime: "automatic" } } },
    module: { type: "es6" },
  },
];

export default {
  extensionsToTreatAsEsm: [".ts", ".tsx"],
  moduleFileExtensions: ["ts", "tsx", "js", "mjs", "json", "node"],
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts", "**/*.test.tsx"],
  testTimeout: 60_000,
  // Requires the ES module htmlparser2; Jest can do that only before something imports it.
  setupFiles: ["sanitize-html"],
  globalSetup: "<rootDir>/test/desk/before-all.ts",
  globalTeardown: "<rootDir>/test/desk/after-all.ts",
  maxWorkers: 2,
  transform: { "^.+\\.ts$": swc(false), "^.+\\.tsx$": swc(true) },
};
