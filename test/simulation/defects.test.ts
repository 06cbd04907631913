import type * as Switch from './defect-switch';
import { inPlace } from './defect-switch';
import { defects } from './defects';
import { simulate } from './simulate';

/** The real module, with functions that can be replaced. */
function mockReplaceable(path: string): object {
  return jest.requireActual<typeof Switch>('./defect-switch').replaceable(jest.requireActual<object>(path));
}

jest.mock('../../src/hunt/commit', () => mockReplaceable('../../src/hunt/commit'));
jest.mock('../../src/hunt/due', () => mockReplaceable('../../src/hunt/due'));
jest.mock('../../src/hunt/evaluate-bin', () => mockReplaceable('../../src/hunt/evaluate-bin'));
jest.mock('../../src/hunt/portion', () => mockReplaceable('../../src/hunt/portion'));
jest.mock('../../src/hunt/reconcile', () => mockReplaceable('../../src/hunt/reconcile'));

/** Within so many histories a defect must show. */
const ENOUGH = 500;
const SEED = 20_201_214;

interface Caught {
  readonly name: string;
  readonly histories: number;
  readonly wrong: string;
}

const caught: Caught[] = [];

describe('the simulator catches a program that', () => {
  afterAll(() => {
    const lines = caught.map(({ name, histories, wrong }) => `${String(histories).padStart(5)}  ${name}\n         ${wrong}`);
    process.stdout.write(`Defects, and in which history from seed ${SEED} on each showed, as what:\n${lines.join('\n')}\n`);
  });

  it.each(defects.map((defect) => [defect.name, defect] as const))(
    '%s',
    async (name, { shows, where, ports, plan, patches = {}, patch }) => {
      inPlace.patches = patches;
      const undo = patch?.();
      try {
        const { histories, failure } = await simulate({ seed: SEED, histories: ENOUGH, where, tamper: { ports, plan } });
        const wrong = failure?.wrong.find((each) => shows.test(each)) ?? failure?.wrong[0] ?? 'NOT CAUGHT';
        caught.push({ name, histories, wrong });
        expect(wrong).toMatch(shows);
      } finally {
        inPlace.patches = {};
        undo?.();
      }
    },
    300_000,
  );

  it('and sees nothing in the same histories without a defect', async () => {
    const seeds = new Set(caught.map(({ histories }) => SEED + histories - 1));
    expect(seeds.size).toBeGreaterThan(1);
    for (const seed of seeds) expect((await simulate({ seed, histories: 1 })).failure).toBeUndefined();
  }, 300_000);
});
