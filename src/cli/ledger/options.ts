import { InvalidArgumentError, type Command } from 'commander';
import { loadRules } from '../../app/rules';
import { createProgram } from '../../hunt/program';
import type { RuleProgram } from '../../hunt/rule-program';
import { formerlyShiftedProgram, shiftedProgram } from '../../hunt/shifted-program';
import type { Sources } from '../../hunt/sources';
import type { CompiledRule } from '../../plan/compiled-rule';
import { SettingsError } from '../../settings/environment';
import { parseGuid } from '../../value/decode';
import type { Instant } from '../../value/instant';
import { InputError, UsageError, type Io } from '../io';
import { parseTime } from '../run/options';

/** What the commands have in common that work on the function's ledger, with the function's settings. */

export interface LedgerOptions {
  readonly workspace?: readonly string[];
  readonly rule?: readonly string[];
  readonly from?: Instant;
  readonly to?: Instant;
}

export function addLedgerOptions(command: Command): Command {
  return command
    .option('--workspace <guid>', 'only this one of HUNT_WORKSPACES; repeatable', parseId)
    .option('--rule <guid>', 'only this one of HUNT_RULES; repeatable', parseId);
}

export function addRangeOptions(command: Command, from: string, to: string): Command {
  return command.option('--from <time>', from, parseTime).option('--to <time>', to, parseTime);
}

function parseId(text: string, before: readonly string[] = []): readonly string[] {
  const guid = parseGuid(text);
  if (guid === undefined) throw new InvalidArgumentError('Write a GUID.');
  return [...before, guid];
}

/** One rule as the function runs it, and its name. */
export interface LedgerRule {
  readonly name: string;
  readonly program: RuleProgram;
}

export interface LedgerScope {
  readonly workspaceIds: readonly string[];
  readonly rules: readonly LedgerRule[];
}

interface ScopeSettings {
  readonly workspaces: readonly string[];
  readonly rules: readonly string[] | undefined;
  readonly sources: Sources;
  readonly splitPairs: boolean;
}

/** The workspaces and rules of the settings, or those of them that the options name. Rejects with UsageError and InputError. */
export async function readScope(settings: ScopeSettings, options: LedgerOptions, io: Io): Promise<LedgerScope> {
  const compiled = await withSettings(() => loadRules(io.compiledRules, settings.rules));
  const workspaceIds = narrowed(settings.workspaces, options.workspace, '--workspace', 'HUNT_WORKSPACES');
  const ids = narrowed(
    compiled.map(({ facts }) => facts.id),
    options.rule,
    '--rule',
    'HUNT_RULES',
  );
  const wanted = compiled.filter(({ facts }) => ids.includes(facts.id));
  return { workspaceIds, rules: wanted.map((rule) => ledgerRule(rule, settings)) };
}

function ledgerRule(rule: CompiledRule, { sources, splitPairs }: ScopeSettings): LedgerRule {
  return { name: rule.facts.name, program: createProgram(rule, sources, rule.companions, { splitPairs }) };
}

/** The records that the ledger keeps of a rule: those of its own bins, and of the shifted ones where it finds split pairs, or `withFormer` did. */
export function recordsOf({ program, name }: LedgerRule, withFormer = false): readonly LedgerRule[] {
  const shifted = shiftedProgram(program) ?? (withFormer ? formerlyShiftedProgram(program) : undefined);
  return shifted === undefined
    ? [{ program, name }]
    : [
        { program, name },
        { program: shifted, name: `${name}, pairs across an edge` },
      ];
}

function narrowed(all: readonly string[], wanted: readonly string[] | undefined, option: string, setting: string): readonly string[] {
  const strange = wanted?.find((id) => !all.includes(id));
  if (strange !== undefined) throw new UsageError(`${option} ${strange} is not among ${setting}, which has ${all.join(', ')}`);
  return all.filter((id) => wanted?.includes(id) ?? true);
}

/** What the work gives; where settings are wrong, an InputError with all that is wrong. */
export async function withSettings<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SettingsError) throw new InputError(error.message.replaceAll('\n', '\nerror: '), { cause: error });
    throw error;
  }
}
