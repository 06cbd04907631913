import { runCommandLine } from '../../src/cli/program';
import type { Io } from '../../src/cli/io';
import { instant } from '../../src/value/instant';

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `hunt` in this process, at noon of 2026-03-10. The clock that counts seconds goes on by `tickMs` each time it is asked. */
export async function hunt(args: readonly string[], io: Partial<Io> & { readonly tickMs?: number } = {}): Promise<Ended> {
  const { tickMs = 0, ...overrides } = io;
  let [stdout, stderr, elapsedMs] = ['', '', 0];
  const exitCode = await runCommandLine(args, {
    out: (data) => {
      stdout += typeof data === 'string' ? data : new TextDecoder().decode(data);
      return Promise.resolve();
    },
    err: (text) => {
      stderr += text;
    },
    isTerminal: false,
    startedAt: instant('2026-03-10T12:00:00Z'),
    elapsedMs: () => (elapsedMs += tickMs),
    signal: new AbortController().signal,
    environment: {},
    compiledRules: '',
    ...overrides,
  });
  return { exitCode, stdout, stderr };
}
