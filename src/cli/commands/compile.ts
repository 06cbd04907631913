import type { Command } from 'commander';
import { compileRulesFolder } from '../compile';
import type { CommandContext } from './context';

/** For the build, so not shown in the help. */
export function addCompile(program: Command, { io, exit }: CommandContext): void {
  program
    .command('compile', { hidden: true })
    .description('Compiles the rules of a folder to ID.json, one for each that can be scheduled.')
    .argument('<folder>', 'the rules: its .yaml and .yml files, exclusions.yaml aside')
    .argument('<out>', 'the folder to write to')
    .action(async (folder: string, out: string) => {
      exit(await compileRulesFolder(folder, out, io.err));
    });
}
