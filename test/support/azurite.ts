import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Azurite's own, published account. https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const STOP_WITHIN_MS = 5_000;

export interface Azurite {
  readonly connectionString: string;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Microsoft's storage emulator, blobs only and in memory, on a free port of loopback. Resolves when it listens. */
export async function startAzurite(): Promise<Azurite> {
  const main = createRequire(join(process.cwd(), 'package.json')).resolve('azurite/dist/src/blob/main.js');
  const flags = ['--inMemoryPersistence', '--silent', '--disableTelemetry', '--skipApiVersionCheck', '--blobPort', '0'];
  const child = spawn(process.execPath, [main, ...flags], { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const endpoint = await listening(child);
  return {
    connectionString: connectionString(endpoint),
    async stop() {
      process.off('exit', kill);
      await stop(child);
    },
  };
}

/** A connection string of Azurite's account for a blob service at this address, e.g. http://127.0.0.1:10000. */
export function connectionString(endpoint: string): string {
  const scheme = new URL(endpoint).protocol.replace(':', '');
  return `DefaultEndpointsProtocol=${scheme};AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint}/${ACCOUNT};`;
}

/** The secret part of the connection string. */
export const accountKey = KEY;

async function listening(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const endpoint = /listens on (http:\/\/\S+)/.exec(output)?.[1];
      if (endpoint !== undefined) resolve(endpoint);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`Azurite ended with code ${code} before it listened:\n${output}`));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await gone;
  clearTimeout(impatience);
}
