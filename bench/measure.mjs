/**
 * Medians in milliseconds of processes measured side by side: a round measures each variant once, and the order turns with every round, so that
 * what else the machine does meets all alike.
 *
 * @param {Record<string, () => Promise<number>>} variants name -> runs once, resolves to milliseconds
 * @param {{ rounds: number, warmUps: number }} options the warm-ups' times are dropped
 * @returns {Promise<Record<string, number>>}
 */
export async function medians(variants, { rounds, warmUps }) {
  const times = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    const order = Object.keys(variants);
    if (round % 2 !== 0) order.reverse();
    for (const name of order) {
      const ms = await variants[name]();
      if (round >= 0) times[name].push(ms);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
