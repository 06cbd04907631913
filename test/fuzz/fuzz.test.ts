import { fuzz } from './fuzz';

const SEED = 20260310;
const CASES = 400;

it(`ends each of ${CASES} mutated rules in a result, a limit, or an error with its place (seed ${SEED})`, async () => {
  const { fates } = await fuzz({ seed: SEED, cases: CASES });
  expect(fates.refused + fates.ran + fates['reached a limit']).toBe(CASES);
  // Mutations that all break the text, or none, would test one half alone.
  expect(fates.refused).toBeGreaterThan(CASES / 20);
  expect(fates.ran).toBeGreaterThan(CASES / 20);
});
