// Runs in a process of its own: gives the app '@azure/functions-core' as the Functions worker does, by Module.prototype.require, loads the files
// named in the arguments, and prints what they registered.
const Module = require('node:module');
const { pathToFileURL } = require('node:url');

const registered = [];
const disposable = { dispose() {} };
const core = {
  version: '4.0.0',
  hostVersion: '4.0.0',
  setProgrammingModel() {},
  registerFunction(metadata, callback) {
    registered.push({ metadata, callback });
    return disposable;
  },
  registerHook: () => disposable,
  log() {},
};

const original = Module.prototype.require;
Module.prototype.require = function require(request) {
  return request === '@azure/functions-core' ? core : original.call(this, request);
};

/** Loads app files; gives what they registered. */
async function load(files) {
  for (const file of files) await import(pathToFileURL(file).href);
  return registered;
}

module.exports = { load };

if (require.main === module) {
  load(process.argv.slice(2)).then((all) => {
    process.stdout.write(JSON.stringify(all.map(({ metadata }) => metadata)));
  });
}
