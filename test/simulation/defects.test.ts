import type * as Due from '../../src/hunt/due';
import type * as Reconcile from '../../src/hunt/reconcile';
import type * as Switch from './defect-switch';
import { inPlace } from './defect-switch';
import { defects } from './defects';
import { simulate } from './simulate';

jest.mock('../../src/hunt/due', () => {
  const real = jest.requireActual<typeof Due>('../../src/hunt/due');
  const { inPlace: now } = jest.requireActual<typeof Switch>('./defect-switch');
  const dueBins: typeof Due.dueBins = (...args) => now.patches.dueBins?.(real.dueBins, ...args) ?? real.dueBins(...args);
  const isAudited: typeof Due.isAudited = (...args) => now.patches.isAudited?.(real.isAudited, ...args) ?? real.isAudited(...args);
  return { ...real, dueBins, isAudited };
});

jest.mock('../../src/hunt/reconcile', () => {
  const real = jest.requireActual<typeof Reconcile>('../../src/hunt/reconcile');
  const { inPlace: now } = jest.requireActual<typeof Switch>('./defect-switch');
  const reconcile: typeof Reconcile.reconcile = (...args) => now.patches.reconcile?.(real.reconcile, ...args) ?? real.reconcile(...args);
  return { ...real, reconcile };
});

/** Within so many histories a defect must show. */
const ENOUGH = 500;
const SEED = 20_201_214;

const caughtAfter = new Map<string, string>();

describe('the simulator catches a program that', () => {
  afterAll(() => {
    const lines = [...caughtAfter].map(([name, after]) => `${after}  ${name}`);
    process.stdout.write(`Histories until a defect was caught, by which fault of the outcome:\n${lines.join('\n')}\n`);
  });

  it.each(defects.map((defect) => [defect.name, defect] as const))(
    '%s',
    async (name, { ports, plan, patches = {}, patch }) => {
      inPlace.patches = patches;
      const undo = patch?.();
      try {
        const { histories, failure } = await simulate({ seed: SEED, histories: ENOUGH, tamper: { ports, plan } });
        caughtAfter.set(name, `${String(histories).padStart(6)}  ${(failure?.wrong[0] ?? 'NOT CAUGHT').slice(0, 110)}`);
        expect(failure).toBeDefined();
      } finally {
        inPlace.patches = {};
        undo?.();
      }
    },
    120_000,
  );

  it('does not, with no defect at all, see what is not there', async () => {
    const { failure } = await simulate({ seed: SEED, histories: 30 });
    expect(failure).toBeUndefined();
  }, 120_000);
});
