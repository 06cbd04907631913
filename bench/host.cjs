// A process that loads the app as the Functions worker does, and exits; or invokes it once.
const { load } = require('../test/support/functions-core.cjs');

async function main([mode, file]) {
  const [{ callback }] = await load([file]);
  if (mode === 'load') return;
  const silent = () => undefined;
  await callback({ isPastDue: false }, { info: silent, warn: silent, error: silent, log: silent });
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
