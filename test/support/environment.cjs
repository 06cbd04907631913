const { AsyncLocalStorage } = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');

/** Loads Microsoft's parser once for all test files of a process; in each file anew it would take longer than most files take. */
function kusto() {
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  return globalThis.Kusto;
}

/**
 * Jest has a storage for each test file and never disables it. Until Node 24 every promise of a process carries all of its storages with it,
 * so that what awaits much would become several times slower from file to file.
 */
const storages = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
  storages.add(this);
  return run.apply(this, args);
};

/** Node, with Microsoft's parser as the global that it sets; what tests import of its package is empty (jest.config.cjs). */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.defineProperty(this.global, 'Kusto', { get: kusto });
    // What the parser throws where a text is nested too deeply for the stack is a RangeError of another realm.
    const { RangeError: own } = this.global;
    const isOwn = own[Symbol.hasInstance].bind(own);
    Object.defineProperty(own, Symbol.hasInstance, { value: (error) => isOwn(error) || error instanceof RangeError });
  }

  async teardown() {
    for (const storage of storages) storage.disable();
    storages.clear();
    await super.teardown();
  }
};
