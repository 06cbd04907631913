import type { Command } from 'commander';

/** For an option that may be given several times: its values in their order. */
const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function addSchemaOption(command: Command): Command {
  return command.option('--schema <file>', 'the columns of a table that is not built in, or has others here; JSON, repeatable', collect);
}
