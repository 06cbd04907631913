/** Numbers from 0 up to 1. */
export type Random = () => number;

/** The same numbers for the same seed on every machine: a linear congruential generator modulo 2^32; its upper 24 bits count. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** One of the items. Throws RangeError where there are none. */
export function randomIn<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('there is nothing to choose from');
  return item;
}
