import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { checkRules } from '../../src/cli/rules';
import { EvaluationLimit } from '../../src/engine/budget';
import { evaluate } from '../../src/engine/evaluate';
import { builtInSchemas } from '../../src/schema/built-in';
import { instant } from '../../src/value/instant';
import { sourceRows } from '../support/compile';
import { mutated } from './mutate';
import { seedQueries } from './seeds';

/** Mutated rules and queries through all that reads them: no crash without a diagnostic, and no hang. */

const schemas = new Map(Object.entries(builtInSchemas));
const now = instant('2026-03-10T12:00Z');
const rows = [
  { TimeGenerated: '2026-03-10T10:05:00Z', Dvc: 'ex01', ActorUsername: 'alice', Process: 'cmd.exe', CommandLine: 'net user x /delete' },
  { TimeGenerated: '2026-03-10T10:59:59.9999999Z', Dvc: 'ex01', CommandLine: '', AdditionalFields: { key: { x: ['a'] } } },
];

const ruleOf = (query: string): string =>
  `id: ${randomUUID()}\nname: A rule\ndescription: Of the fuzz test\nquery: |\n${query.replace(/^/gm, '  ')}\n`;

function rulesOf(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** What became of a text. */
type Fate = 'refused' | 'ran' | 'reached a limit';

/** Reads, compiles and runs a rule's text. Throws where it ends in neither a result, a limit, nor an error with a place in the text. */
async function follow(text: string): Promise<Fate> {
  const [checked] = await checkRules([{ file: 'rule.yaml', text }], schemas);
  if (checked === undefined) throw new Error('nothing became of the file');
  const lines = text.split(/\r\n|\n|\r/).length;
  for (const { code, line, column, message, hint } of checked.diagnostics) {
    if (code === '' || message === '' || hint === '') throw new Error(`the diagnostic ${code} says nothing: ${message}`);
    if (line < 1 || line > lines || column < 1) throw new Error(`${code} stands at ${line}:${column} in a text of ${lines} lines`);
  }
  const plan = checked.compiled?.query?.whole;
  if (checked.failed) return 'refused';
  if (plan === undefined) throw new Error('there is neither an error nor a plan');
  try {
    evaluate(plan, sourceRows(plan, Object.fromEntries(plan.tables.map(({ name }) => [name, rows]))), { now });
    return 'ran';
  } catch (error) {
    if (error instanceof EvaluationLimit) return 'reached a limit';
    throw error;
  }
}

export interface FuzzReport {
  readonly fates: Readonly<Record<Fate, number>>;
  /** The slowest case, in milliseconds, and its text. */
  readonly slowest: { readonly milliseconds: number; readonly text: string };
}

/** Rejects with the shortest text that was found to break something, and the seed. `progress` is told after each case. */
export async function fuzz(
  { seed, cases }: { readonly seed: number; readonly cases: number },
  progress: (done: number) => void = () => undefined,
): Promise<FuzzReport> {
  const texts = fc.oneof(mutated(rulesOf('rules')), mutated(seedQueries).map(ruleOf));
  const fates = { refused: 0, ran: 0, 'reached a limit': 0 };
  let slowest = { milliseconds: 0, text: '' };
  let done = 0;
  const property = fc.asyncProperty(texts, async (text) => {
    const startedAt = performance.now();
    fates[await follow(text)] += 1;
    const milliseconds = performance.now() - startedAt;
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, text };
    done += 1;
    progress(done);
  });
  await fc.assert(property, { seed, numRuns: cases });
  return { fates, slowest };
}
