// Stands for the worker of Azure Functions, in a process of its own: loads every file that package.json's `main` matches, and gives them
// `@azure/functions-core` as the worker does, through Module.prototype.require.
//
//   node test/support/functions-host.mjs APP              prints the functions that the app in the folder APP registers, as JSON
//   node test/support/functions-host.mjs APP NAME         calls that function's handler once, and prints what it logs
//   node test/support/functions-host.mjs APP NAME TIMES   calls it so often, each time when the last call is over; prints `invocation over`
//                                                         after each, and before it all of the error that it rejected with, if it did
import { readFile, readdir } from 'node:fs/promises';
import Module from 'node:module';
import { matchesGlob, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

const registered = [];

const core = {
  version: '4.0.0',
  hostVersion: '4.0.0',
  setProgrammingModel() {},
  registerHook: () => ({ dispose() {} }),
  registerFunction(metadata, callback) {
    registered.push({ metadata, callback });
    return { dispose() {} };
  },
  log() {},
};

const nodeRequire = Module.prototype.require;
Module.prototype.require = function (id) {
  return id === '@azure/functions-core' ? core : nodeRequire.call(this, id);
};

const [app = '.', name, times] = process.argv.slice(2);
const { main } = JSON.parse(await readFile(join(app, 'package.json'), 'utf8'));
for (const file of (await readdir(app, { recursive: true })).filter((path) => matchesGlob(path, main)).sort()) {
  await import(pathToFileURL(resolve(app, file)).href);
}

const say = (...args) => process.stdout.write(`${args.join(' ')}\n`);

function invoke() {
  const context = { functionName: name, invocationId: '1', log: say, trace: say, debug: say, info: say, warn: say, error: say };
  const found = registered.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`the app registers no function ${name}`);
  return found.callback({ isPastDue: false, schedule: { adjustForDST: false } }, context);
}

if (name === undefined) {
  say(JSON.stringify(registered.map(({ metadata }) => metadata)));
} else if (times === undefined) {
  await invoke();
} else {
  for (let left = Number(times); left > 0; left -= 1) {
    await invoke().catch((error) => say(`the invocation failed: ${inspect(error, { depth: Infinity })}`));
    say('invocation over');
  }
}
