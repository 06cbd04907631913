// Stands for the worker of Azure Functions, in a process of its own: loads every file that package.json's `main` matches, and gives them
// `@azure/functions-core` as the worker does, through Module.prototype.require.
//
//   node test/support/functions-host.mjs APP          prints the functions that the app in the folder APP registers, as JSON
//   node test/support/functions-host.mjs APP NAME     calls that function's handler once, and prints what it logs
import { readFile, readdir } from 'node:fs/promises';
import Module from 'node:module';
import { matchesGlob, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

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

const [app = '.', name] = process.argv.slice(2);
const { main } = JSON.parse(await readFile(join(app, 'package.json'), 'utf8'));
for (const file of (await readdir(app, { recursive: true })).filter((path) => matchesGlob(path, main)).sort()) {
  await import(pathToFileURL(resolve(app, file)).href);
}

if (name === undefined) {
  process.stdout.write(`${JSON.stringify(registered.map(({ metadata }) => metadata))}\n`);
} else {
  const say = (...args) => process.stdout.write(`${args.join(' ')}\n`);
  const context = { functionName: name, invocationId: '1', log: say, trace: say, debug: say, info: say, warn: say, error: say };
  const found = registered.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`the app registers no function ${name}`);
  await found.callback({ isPastDue: false, schedule: { adjustForDST: false } }, context);
}
