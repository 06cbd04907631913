import { instantFromUnixMilliseconds } from '../value/instant';
import { OutputClosed, type Io } from './io';

/** The process itself. Standard streams that are closed by their reader end nothing here: the write that meets it says so. */
export function processIo(compiledRules: string): Io {
  const { stdout, stderr } = process;
  const interrupted = new AbortController();
  // Once only, so that a second Ctrl-C ends the process whatever it does.
  process.once('SIGINT', () => {
    interrupted.abort();
  });
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  return {
    out: (data) =>
      new Promise((resolve, reject) => {
        stdout.write(data, (error) => {
          if (error === null || error === undefined) resolve();
          else if ('code' in error && error.code === 'EPIPE') reject(new OutputClosed('the output is read no more', { cause: error }));
          else reject(error);
        });
      }),
    err: (text) => {
      stderr.write(text);
    },
    isTerminal: stderr.isTTY,
    startedAt: instantFromUnixMilliseconds(Date.now()),
    elapsedMs: () => performance.now(),
    signal: interrupted.signal,
    environment: process.env,
    compiledRules,
  };
}
