import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { addBackfill } from './commands/backfill';
import { addCompile } from './commands/compile';
import type { CommandContext } from './commands/context';
import { addCoverage } from './commands/coverage';
import { addDoctor } from './commands/doctor';
import { addExplain } from './commands/explain';
import { addReplay } from './commands/replay';
import { addRestore } from './commands/restore';
import { addRun } from './commands/run';
import { addTest } from './commands/test';
import { addValidate } from './commands/validate';
import { PortUnavailable } from '../hunt/ports';
import { exitCodes, InputError, OutputClosed, UsageError, type ExitCode, type Io } from './io';

const HELP_WIDTH = 100;

const exitCodeHelp = `
Exit codes:
  0    all is well
  1    the input is bad, or a test or something else failed; standard error says what
  2    the command line is wrong
  130  stopped by Ctrl-C
  141  nobody reads the output any more

Data goes to standard output; diagnostics, reports and progress go to standard error.`;

function createProgram(context: CommandContext, help: string[]): Command {
  const program = new Command('hunt')
    .description('Tests and runs hunting rules of Microsoft Sentinel on this machine.')
    .version(version)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => help.push(text),
      writeErr: context.io.err,
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
    })
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', exitCodeHelp);
  for (const add of [addValidate, addExplain, addTest, addRun, addCoverage, addBackfill, addRestore, addDoctor, addReplay, addCompile])
    add(program, context);
  return program;
}

function exitCodeOf(error: unknown, { err, signal }: Io): ExitCode {
  // commander has told the user already; its exit code is 0 for help and version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof OutputClosed) return exitCodes.outputClosed;
  if (signal.aborted) {
    err('stopped by Ctrl-C\n');
    return exitCodes.interrupted;
  }
  if (error instanceof UsageError) {
    err(`error: ${error.message}\n(--help says more)\n`);
    return exitCodes.usage;
  }
  if (error instanceof InputError || error instanceof PortUnavailable) {
    err(`error: ${error.message}\n`);
    return exitCodes.failed;
  }
  err(`unexpected error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.failed;
}

/** Runs one command line, without the program's own name. Never rejects: what goes wrong is told on standard error and in the exit code. */
export async function runCommandLine(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const help: string[] = [];
  const context: CommandContext = {
    io,
    exit: (code) => {
      exitCode = code;
    },
  };
  try {
    await createProgram(context, help).parseAsync(args, { from: 'user' });
  } catch (error) {
    exitCode = exitCodeOf(error, io);
  }
  if (help.length === 0) return exitCode;
  try {
    await io.out(help.join(''));
  } catch (error) {
    return exitCodeOf(error, io);
  }
  return exitCode;
}
