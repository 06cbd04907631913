import fc from 'fast-check';
import type { Evaluation, ResultRow, SourceRow } from '../../src/engine/rows';
import { draftIncidents } from '../../src/incident/draft';
import type { IncidentDraft } from '../../src/incident/incident';
import { activeMessage, withdrawnMessage } from '../../src/incident/message';
import type { CompiledRule } from '../../src/plan/compiled-rule';
import { addTicks, instant, TICKS_PER_SECOND } from '../../src/value/instant';
import type { Column, Value } from '../../src/value/types';
import { expectValidIncident } from '../support/incident-schema';
import { companions, evaluationOf, mailboxRule, pair, processEvent, WORKSPACE } from '../support/mailbox-rule';

const runs = { seed: 20201214, numRuns: 200 };

/** Any UTF-16 at all, halves of surrogate pairs included; now and then long. */
const anyText = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('', '-', '.', '\\', '@', 'a', 'b', 'CONTOSO\\a', 'a@contoso.com', 'ex01.contoso.com', '10.0.0.5'),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('x', '\u0001', '\u{1F468}', '\uD83D', '"'), fc.integer({ min: 1, max: 40_000 }))
      .map(([unit, times]) => unit.repeat(times)),
  },
);

const name = fc.constantFrom('CONTOSO\\alice', 'alice', 'bob@contoso.com', '');

const source = fc
  .record({
    second: fc.integer({ min: 0, max: 7_199 }),
    host: fc.oneof(name, anyText),
    account: fc.oneof(name, anyText),
    command: anyText,
    sid: name,
    domain: name,
  })
  .map(({ second, host, account, command, sid, domain }): SourceRow => {
    const row = processEvent({
      time: null,
      host,
      account,
      command,
      evidence: { ActorUserId: sid, ActorUserIdType: 'SID', DvcDomain: domain, DvcDomainType: 'FQDN' },
    });
    return { ...row, values: [addTicks(instant('2026-03-10T10:00:00Z'), BigInt(second) * TICKS_PER_SECOND), ...row.values.slice(1)] };
  });

function hourOf(row: SourceRow): bigint {
  return (row.values[0] as bigint) / (3_600n * TICKS_PER_SECOND);
}

/** Pairs of source rows of one hour. */
const results = fc.array(source, { minLength: 2, maxLength: 8 }).chain((sources) => {
  const one = fc.nat({ max: sources.length - 1 }).map((index) => sources[index] as SourceRow);
  return fc
    .array(fc.tuple(one, one), { minLength: 1, maxLength: 8 })
    .map((pairs) => pairs.filter(([left, right]) => hourOf(left) === hourOf(right)).map(([left, right]) => pair(left, right)));
});

function draft(evaluation: Evaluation, rule: CompiledRule = mailboxRule): readonly IncidentDraft[] {
  return draftIncidents({ rule, workspaceId: WORKSPACE, match: 'rule', evaluation, companions });
}

function messages(drafts: readonly IncidentDraft[], rule: CompiledRule = mailboxRule): readonly Uint8Array[] {
  const occasion = { rule, ruleHash: '0'.repeat(64), workspaceId: WORKSPACE, revision: 1, detectedAt: instant('2026-03-10T12:00:00Z') };
  return drafts.flatMap((incident) => [
    activeMessage({ ...occasion, draft: incident }),
    withdrawnMessage({ ...occasion, ...incident, reason: 'superseded' }),
  ]);
}

it('gives the same messages for rows and lineage in any order', () => {
  const shuffled = results.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows], { minLength: rows.length })));
  fc.assert(
    fc.property(shuffled, ([rows, others]) => {
      const back = others.map((row): ResultRow => ({ ...row, lineage: row.lineage.toReversed() }));
      expect(messages(draft(evaluationOf(...back)))).toStrictEqual(messages(draft(evaluationOf(...rows))));
    }),
    runs,
  );
});

it('gives copies of source rows neither another id nor another digest', () => {
  fc.assert(
    fc.property(results, (rows) => {
      const copies = rows.map((row): ResultRow => ({
        ...row,
        lineage: row.lineage.map(({ scan, row: read }) => ({ scan, row: { ...read } })),
      }));
      const [once, twice] = [draft(evaluationOf(...rows)), draft(evaluationOf(...rows, ...copies))];
      expect(twice.map(({ id, digest }) => [id, digest])).toStrictEqual(once.map(({ id, digest }) => [id, digest]));
    }),
    runs,
  );
});

it('gives each set of mapped values in each hour one incident, and each result row to one incident', () => {
  fc.assert(
    fc.property(results, (rows) => {
      const keys = new Set(rows.map(({ values: [hour, host, account] }) => JSON.stringify([String(hour), host, account])));
      const drafts = draft(evaluationOf(...rows));
      expect(new Set(drafts.map(({ id }) => id)).size).toBe(keys.size);
      expect(drafts).toHaveLength(keys.size);
    }),
    runs,
  );
});

const identifiers = fc.constantFrom('FullName', 'Name', 'NTDomain', 'Sid', 'HostName', 'Address', 'CommandLine');

const anyRule = fc
  .record({
    name: anyText,
    description: anyText,
    severity: fc.constantFrom('Informational' as const, 'Low' as const, 'Medium' as const, 'High' as const),
    tactics: fc.array(anyText, { maxLength: 20 }),
    techniques: fc.array(anyText, { maxLength: 20 }),
    entityMappings: fc.array(
      fc.record({
        entityType: fc.constantFrom('Host', 'Account', 'IP', 'Process', 'RegistryKey'),
        fieldMappings: fc.array(
          fc.record({
            identifier: identifiers,
            columnName: fc.constantFrom('Dvc', 'ActorUsername', 'CommandLine', 'timekey'),
            origins: fc.constant([]),
          }),
          { minLength: 1, maxLength: 3 },
        ),
      }),
      { maxLength: 10 },
    ),
  })
  .map((facts): CompiledRule => ({ ...mailboxRule, facts: { ...mailboxRule.facts, ...facts } }));

it('makes a valid message within the limit of any rule and any rows, entities without an empty identifier', () => {
  fc.assert(
    fc.property(anyRule, results, (rule, rows) => {
      for (const message of messages(draft(evaluationOf(...rows), rule), rule)) {
        const { entities } = expectValidIncident(message);
        expect(entities.map(({ $id }) => $id)).toStrictEqual(entities.map((_, index) => String(index + 1)));
      }
    }),
    runs,
  );
});

const anyDynamic = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyText,
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(anyText, tie('value')), { maxLength: 5 }).map((slots): Value => new Map(slots)),
  ),
})).value;

it('makes a valid message within the limit of any result, whatever its columns', () => {
  const wide = fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 40 }), anyDynamic), { maxLength: 300 });
  fc.assert(
    fc.property(wide, source, (cells, row) => {
      const columns = cells.map(([column]): Column => ({ name: column, type: 'dynamic' }));
      const rule: CompiledRule = { ...mailboxRule, facts: { ...mailboxRule.facts, entityMappings: [] } };
      const evaluation: Evaluation = { columns, rows: [{ values: cells.map(([, value]) => value), lineage: [{ scan: 0, row }] }] };
      const drafts = draft(evaluation, rule);
      expect(drafts).toHaveLength(1);
      messages(drafts, rule).forEach(expectValidIncident);
    }),
    { ...runs, numRuns: 60 },
  );
});
