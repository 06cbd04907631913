import { playHistories } from './histories';

/** The parts of `npm run histories` that are in TypeScript. Resolves to the exit code. */
export async function command(seed: number, histories: number, say: (line: string) => void): Promise<number> {
  say(`Playing ${histories} histories from seed ${seed} on through the real adapters, over loopback.`);
  const { hits, missing, messages, wrong } = await playHistories({
    seed,
    histories,
    onPlayed: (number) => {
      if (number % 100 === 0) say(`… ${number} histories`);
    },
  });
  say('How often each fault was met:');
  for (const [name, times] of hits) say(`${String(times).padStart(7)}  ${name}`);
  say(`${messages} messages came to the hubs.`);
  for (const each of wrong) say(`WRONG: ${each}`);
  if (missing.length > 0) say(`Never met: ${missing.join('; ')}. Play more histories.`);
  if (wrong.length === 0) say('Nothing was missed, nothing was said twice, and no secret was told.');
  return wrong.length === 0 && missing.length === 0 ? 0 : 1;
}
