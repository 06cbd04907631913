import type { PlanNode } from '../../plan/plan';
import type { Evaluate } from '../run';
import { join } from './join';
import { mvExpand } from './mv-expand';
import { sort, take, window } from './order';
import { parse, project, where } from './row-wise';
import { range, scan, values } from './sources';
import { membership, toscalar } from './subquery';
import { summarize } from './summarize';

/** Every kind of node, and what computes it. */
export const operators: { readonly [K in PlanNode['kind']]: Evaluate<K> } = {
  scan,
  values,
  range,
  where,
  project,
  parse,
  'mv-expand': mvExpand,
  summarize,
  join,
  union: (_, inputs) => inputs.flat(),
  sort,
  take,
  window,
  toscalar,
  in: membership,
};
