const { existsSync } = require('node:fs');
const { resolve } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** Jest knows what takes long only where it ran before. Begun last, one of these would keep one core busy and leave the others idle. */
const first = [
  'loopback/histories',
  'crash/crash',
  'hostile/secrets',
  'cli/built',
  'build/package',
  'infra/template',
  'e2e/sentinel',
  'hostile/queries',
  'property/plans',
  'cli/ledger',
  'infra/compile',
  'fuzz/fuzz',
  'fault/event-hub',
];

/** They keep all cores busy by themselves. */
const last = ['simulation/defects', 'simulation/histories'];

const fileOf = (name) => resolve(__dirname, '..', `${name}.test.ts`);
const gone = [...first, ...last].filter((name) => !existsSync(fileOf(name)));
if (gone.length > 0) throw new Error(`test/support/sequencer.cjs names tests that are no more: ${gone.join(', ')}`);

function rank({ path }) {
  const indexIn = (names) => names.findIndex((name) => path === fileOf(name));
  const index = indexIn(first);
  return index === -1 ? first.length + 1 + indexIn(last) : index;
}

/** What waits or works long by itself comes first, what works in threads of its own comes last, the others in jest's own order. */
module.exports = class extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((left, right) => rank(left) - rank(right));
  }
};
