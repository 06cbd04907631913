import type { IncidentDraft } from '../../../src/incident/incident';
import type { IncidentMessage } from '../../../src/incident/message';
import { hashOf } from '../random';
import type { SimulatedPlan } from '../rules';
import { hasCondition, type Defect } from './defect';

/** Of what makes a revision. */
export const reconciling: readonly Defect[] = [
  {
    name: 'uses a revision again',
    shows: /has two contents/,
    patches: {
      reconcile: (real, ...args) => {
        const { changes, shrunk } = real(...args);
        return {
          shrunk,
          changes: changes.map((change) =>
            change.kind === 'revised' ? { ...change, revision: Math.max(1, change.revision - 1) } : change,
          ),
        };
      },
    },
  },
  {
    name: 'leaves a revision out',
    shows: /has the revisions 1, 3/,
    patches: {
      reconcile: (real, ...args) => {
        const { changes, shrunk } = real(...args);
        return {
          shrunk,
          changes: changes.map((change) => (change.kind === 'revised' ? { ...change, revision: change.revision + 1 } : change)),
        };
      },
    },
  },
  {
    name: 'counts copies of rows into the digest',
    shows: /repeats the one before/,
    plan: (plan) => drafting(plan, (drafts, rows) => drafts.map((draft) => ({ ...draft, digest: `${draft.digest} ${rows}` }))),
  },
  {
    name: 'takes the digest of what fits into a message',
    shows: /is missed right after its bin was evaluated|says other than the rows/,
    plan: (plan) =>
      drafting(plan, (drafts) =>
        drafts.map((draft) => ({ ...draft, digest: hashOf(JSON.stringify(draft.results.slice(0, 1).map(({ is }) => is))).toString(16) })),
      ),
  },
  {
    name: 'does not tell of other evidence for the same results',
    shows: /is missed right after its bin was evaluated|says other than the rows/,
    plan: (plan) => drafting(plan, (drafts) => drafts.map((draft) => ({ ...draft, digest: JSON.stringify(draft.results) }))),
  },
  {
    name: 'gives a pair that an edge parts the severity of its rule',
    shows: /has the severity Medium/,
    plan: (plan) => {
      const { program } = plan;
      const activeMessage: typeof program.activeMessage = (input) => {
        const message = JSON.parse(new TextDecoder().decode(program.activeMessage(input))) as IncidentMessage;
        return new TextEncoder().encode(JSON.stringify({ ...message, severity: message.severity === 'Low' ? 'Medium' : message.severity }));
      };
      return { ...plan, program: { ...program, activeMessage } };
    },
  },
  {
    name: 'takes back without naming the entities',
    shows: /revision \d+ names $/,
    plan: (plan) => {
      const { program } = plan;
      return { ...plan, program: { ...program, withdrawnMessage: (input) => program.withdrawnMessage({ ...input, entities: [] }) } };
    },
  },
  {
    name: 'decides an exclusion again',
    shows: /was excluded and is not any more/,
    where: hasCondition('exclusion'),
    patches: {
      reconcile: (real, record, finding, excludes) => {
        const kept = Object.entries(record.incidents).filter(([, { status }]) => status !== 'excluded');
        return real({ ...record, incidents: Object.fromEntries(kept) }, finding, excludes);
      },
    },
  },
  {
    name: 'takes back what is excluded later',
    shows: /is missed|is withdrawn/,
    where: hasCondition('exclusion'),
    patches: {
      reconcile: (real, record, finding, excludes) =>
        real(
          record,
          { ...finding, drafts: finding.drafts.filter((draft) => record.incidents[draft.id] === undefined || !excludes(draft)) },
          excludes,
        ),
    },
  },
  {
    name: 'does not notice that the plan is another',
    shows: /is withdrawn: no-longer-matches|is missed|is active .*not true|says other|names/,
    where: ({ deployments }) => deployments.length > 0,
    patches: { reconcile: (real, record, finding, excludes) => real({ ...record, ruleHash: finding.ruleHash }, finding, excludes) },
  },
  {
    name: 'forgets the incidents of bins whose width the rule has no more',
    shows: /is active and not true/,
    where: ({ deployments }) => deployments.length > 0,
    patches: { retireBin: async () => true },
  },
];

function drafting(
  plan: SimulatedPlan,
  change: (drafts: readonly IncidentDraft[], rows: number) => readonly IncidentDraft[],
): SimulatedPlan {
  const draft: SimulatedPlan['program']['draft'] = (input) => {
    const rows = [...input.rows.values()].reduce((sum, { length }) => sum + length, 0);
    return change(plan.program.draft(input), rows);
  };
  return { ...plan, program: { ...plan.program, draft } };
}
