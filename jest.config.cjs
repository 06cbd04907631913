const { availableParallelism } = require('node:os');

/** Type errors are tsc's business (npm run check); here TypeScript is only stripped. */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: '<rootDir>/test/support/environment.cjs',
  // The parser comes with the environment.
  moduleNameMapper: { '^@kusto/language-service-next/': '<rootDir>/test/support/empty.cjs' },
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
  // Ends what hangs; what is only slow, on a busy machine, is let be.
  testTimeout: 600_000,
  testSequencer: '<rootDir>/test/support/sequencer.cjs',
  // Some wait for servers that stall: one more than cores works meanwhile. By default one core is left idle.
  maxWorkers: availableParallelism() + 1,
  // The globals of the realm of a test file, which code finds slowly there: those that no test replaces stand in each module as its own.
  sandboxInjectedGlobals: [
    'Array',
    'BigInt',
    'Error',
    'JSON',
    'Map',
    'Math',
    'Number',
    'Object',
    'Promise',
    'RegExp',
    'Set',
    'String',
    'Symbol',
    'Uint8Array',
    'WeakMap',
  ],
};
