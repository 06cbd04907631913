import { addTicks, instant, TICKS_PER_MINUTE } from '../../src/value/instant';
import type { LaneOf } from './calm';
import type { Instance } from './instance';
import type { Sent } from './messages';
import { incidentId, partsOf, shiftOf } from './rules';
import { splitFolder, storedHead } from './stored-ledger';
import type { World } from './world';

/** A cycle that ran alone sent no pair for which an incident of the rule stood before, whatever happened to it. */
export function pairsBeside(world: World, instance: Instance): readonly string[] {
  const { plans, workspaceIds } = instance;
  return workspaceIds.flatMap((workspace) => plans.flatMap((plan) => pairsOfLane(world, instance, { workspace, plan })));
}

/** And where nothing happened to it and it came to its end, it left none active for which one stands. */
function pairsOfLane(world: World, { firstMessage, until, signal, troubled }: Instance, { workspace, plan }: LaneOf): readonly string[] {
  const { ledger, messages } = world;
  const { rule, program } = plan;
  const shift = shiftOf(plan);
  if (shift === undefined) return [];
  // While a blob of the rule cannot be read, the pairs in it stay as they are, and so do those beside the incidents in it.
  const isRead = ![...world.damaged.keys()].some((path) => path.startsWith(`${workspace}/${rule}/`));
  const isToEnd = until === undefined && !signal.signal.aborted && !troubled && isRead;
  const { settledThrough = 0n } = storedHead(ledger, workspace, splitFolder(rule));
  const { width } = program.grid;
  const wrong: string[] = [];
  for (const [id, sent] of messages.entries()) {
    const last = messages.lastOf(id);
    const parts = partsOf(id);
    if (last?.match !== 'split-by-bin-edge' || parts.rule !== rule || parts.workspace !== workspace) continue;
    const [start, end] = [instant(last.bin.start), instant(last.bin.end)];
    if (start < settledThrough || end - start !== width) continue;
    const own = [-shift, shift].map((by) => incidentId(rule, workspace, addTicks(start, by), width / TICKS_PER_MINUTE, [parts.host]));
    const standing = own
      .flatMap((each) => messages.lastSentOf(each) ?? [])
      .filter(({ message }) => message.status === 'active' && !world.forgotten.has(message.id));
    if (standing.length === 0) continue;
    const isBeside = ({ message, order }: Sent): boolean =>
      message.status === 'active' && order >= firstMessage && standing.some((each) => each.order < order);
    if (sent.some(isBeside)) wrong.push(`${id} was sent beside an incident of the rule`);
    // A restored day that does not know a pair cannot take it back.
    else if (isToEnd && last.status === 'active' && !world.forgotten.has(id)) wrong.push(`${id} is active beside an incident of the rule`);
  }
  return wrong;
}

/** Where the rule finds no pairs any more, a cycle that came to its end left none active in bins that are not settled. */
export function pairsLeft(
  { ledger, messages }: World,
  { until, signal, deadline, endedAt }: Instance,
  { workspace, plan }: LaneOf,
): readonly string[] {
  const isToEnd = until === undefined && !signal.signal.aborted && (deadline === undefined || (endedAt ?? deadline) < deadline);
  if (plan.program.splitPairs !== undefined || !isToEnd) return [];
  const { settledThrough = 0n } = storedHead(ledger, workspace, splitFolder(plan.rule));
  return [...messages.entries()].flatMap(([id]) => {
    const last = messages.lastOf(id);
    const { rule, workspace: of } = partsOf(id);
    const isOfRule = rule === plan.rule && of === workspace && last?.match === 'split-by-bin-edge';
    return isOfRule && last.status === 'active' && instant(last.bin.start) >= settledThrough
      ? [`${id} is active under a plan that finds no pairs`]
      : [];
  });
}
