// `npm start`: builds, then runs the whole way on this machine.
await import('./build.mjs');
if (process.exitCode === undefined) {
  const { start } = await import('../dist/cli/start.mjs');
  await start(process.argv.slice(2));
}
