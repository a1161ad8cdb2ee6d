// Real ES modules, TypeScript through swc; one Postgres for the whole run, started by test/support/global-setup.ts.
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testTimeout: 60_000,
  // Jest would leave a core idle, which on two is half of them.
  maxWorkers: "100%",
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  watchman: false,
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        swcrc: false,
        sourceMaps: "inline",
        module: { type: "es6" },
        jsc: {
          target: "es2022",
          parser: { syntax: "typescript" },
          keepClassNames: true,
        },
      },
    ],
  },
  collectCoverageFrom: ["src/**/*.ts", "!src/**/*.generated.ts"],
};
