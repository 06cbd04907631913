/** Type errors are tsc's business (npm run check); here TypeScript is only stripped. */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
  testTimeout: 30_000,
  // By default one core is left idle, which on two cores is half of the machine.
  maxWorkers: '100%',
};
