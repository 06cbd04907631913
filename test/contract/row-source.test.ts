import { createLogAnalyticsSource } from '../../src/azure/log-analytics';
import { startLogAnalytics } from '../../src/local/log-analytics-server';
import { fault, type Fault } from '../../src/local/log-analytics/faults';
import { createFakeRowSource, type FakeOutcome } from '../support/fake-row-source';
import { rowSourceContract } from './row-source.contract';

const ends: Readonly<Record<'too-large' | 'no-source' | 'failed', { readonly fault: Fault; readonly fake: FakeOutcome }>> = {
  'too-large': { fault: fault.status(504), fake: { kind: 'too-large', reason: 'Too many rows.' } },
  'no-source': { fault: fault.noContent, fake: { kind: 'no-source', reason: 'No such table.' } },
  failed: { fault: fault.status(403), fake: { kind: 'failed', code: 'forbidden', reason: 'No role.' } },
};

function noting(reached: () => void): true {
  reached();
  return true;
}

rowSourceContract('Log Analytics, over HTTP', async (tableFor) => {
  const server = await startLogAnalytics({
    execute: async ({ workspaceId, timespan }) =>
      timespan === undefined ? { kind: 'semantic', message: 'no timespan' } : tableFor(workspaceId, timespan),
  });
  return {
    // So long that no test passes because an attempt is given up.
    source: createLogAnalyticsSource({
      endpoint: server.origin,
      credential: undefined,
      timing: { attemptTimeoutMs: 600_000, maxPullMs: 600_000 },
    }),
    asked: () => server.requests().length,
    endNext: (kind) => void server.faults.arm(ends[kind].fault),
    holdNext: () =>
      new Promise((resolve) => {
        server.faults.arm({ kind: 'stall', at: 'midway' }, { when: () => noting(resolve) });
      }),
    idle: () => server.idle(),
    close: () => server.close(),
  };
});

rowSourceContract('fake', async (tableFor) => {
  const source = createFakeRowSource(({ workspaceId, timespan }) => tableFor(workspaceId, timespan));
  return {
    source,
    asked: () => source.pulls.length,
    endNext: (kind) => void source.end(ends[kind].fake),
    holdNext: () =>
      new Promise((resolve) => {
        source.hold({ when: () => noting(resolve) });
      }),
    idle: async () => undefined,
    close: async () => undefined,
  };
});
