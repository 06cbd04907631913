import type { IncidentDraft, RawIdentity } from '../incident/incident';
import { addTicks, formatInstant, instant, type Instant } from '../value/instant';
import { binAt, type Bin, type Grid } from './bins';
import type { RuleLedger } from './ledger';
import type { BinRecord, Superseded } from './ledger-record';

/** A rule's own bins and incidents, as one of its shifted bins sees them on both sides of the edge in its middle. */
export class Adjoining {
  private readonly ledger: RuleLedger;
  private readonly grid: Grid;

  constructor(ledger: RuleLedger, grid: Grid) {
    this.ledger = ledger;
    this.grid = grid;
  }

  /** The rule's own bins that a shifted one reaches into, in order of time. */
  binsUnder({ start, end }: Bin): readonly Bin[] {
    const first = binAt(this.grid, start);
    return first.end < end ? [first, binAt(this.grid, first.end)] : [first];
  }

  /** Whether the rule has an active incident of the same raw values in one of the two bins that the identity's shifted bin reaches into. */
  standsFor(identity: RawIdentity): boolean {
    const [, , , start, width, entities] = identity;
    const half = BigInt(width) / 2n;
    const from = instant(start);
    return [addTicks(from, -half), addTicks(from, half)].some((own) => this.hasActive(own, width, JSON.stringify(entities)));
  }

  private hasActive(start: Instant, width: number, entities: string): boolean {
    const incidents = this.ledger.recorded(binAt(this.grid, start))?.incidents ?? {};
    const startText = formatInstant(start);
    return Object.values(incidents).some(
      ({ status, identity }) =>
        status === 'active' && identity[3] === startText && identity[4] === width && JSON.stringify(identity[5]) === entities,
    );
  }

  /** The drafts that no incident of the rule stands for, and what the others are. */
  part(drafts: readonly IncidentDraft[]): { readonly drafts: readonly IncidentDraft[]; readonly superseded: Superseded } {
    const superseded = Object.fromEntries(
      drafts.filter(({ identity }) => this.standsFor(identity)).map(({ id, identity }) => [id, identity] as const),
    );
    return { drafts: drafts.filter(({ id }) => superseded[id] === undefined), superseded };
  }

  /**
   * Whether a pair was left to an incident of the rule that stands no more, by what the bins under the shifted one came to since: then the
   * pair is nobody's, and the evaluation that left it says nothing any more.
   */
  hasLetGo(bin: Bin, { superseded = {} }: BinRecord): boolean {
    const isLeft = Object.values(superseded).some((identity) => !this.standsFor(identity));
    return isLeft && this.binsUnder(bin).every((under) => this.ledger.recorded(under)?.evaluatedAt !== undefined);
  }
}
