import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compiledExclusionsFile, type CompiledExclusions } from '../hunt/exclusions';
import type { CompiledRule } from '../plan/compiled-rule';
import type { Exclusion } from '../rule/exclusion';
import { SettingsError } from '../settings/environment';

/** What the build made of rules/: a folder of compiled rules, one ID.json each, and exclusions.json. */

/** The ASIM rule: its parser covers Defender and SecurityEvent sources too, so running all three would report one export thrice. */
export const DEFAULT_RULE = '4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87';

/** The rules in the order wanted; undefined stands for the default rule. Rejects with SettingsError where one is not in the folder. */
export async function loadRules(folder: string, wanted: readonly string[] = [DEFAULT_RULE]): Promise<readonly CompiledRule[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json') && name !== compiledExclusionsFile);
  const missing = wanted.filter((id) => !names.includes(`${id}.json`));
  if (missing.length > 0) {
    const known = names.map((name) => name.replace(/\.json$/, '')).sort();
    throw new SettingsError(
      missing.map((id) => ({
        setting: 'HUNT_RULES',
        problem: `names ${id}, which is not a rule of this build that can be scheduled`,
        remedy: `Use one of ${known.join(', ')}, or add the rule to rules/ and build again.`,
      })),
    );
  }
  return Promise.all(wanted.map(async (id) => JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8')) as CompiledRule));
}

export async function loadExclusions(folder: string): Promise<readonly Exclusion[]> {
  const { exclusions } = JSON.parse(await readFile(join(folder, compiledExclusionsFile), 'utf8')) as CompiledExclusions;
  return exclusions;
}
