import type { CodeMeaning } from '../diagnostic';

/** What can come of a rule and its query together. A code keeps its meaning for good. */
export const planCodes = {
  PLAN001: {
    severity: 'error',
    title: 'an entity mapped to no column of the result',
    hint: "Map it to one of the result's columns, which the message lists.",
  },
  PLAN002: {
    severity: 'warning',
    title: 'a rule that does not split by bin',
    hint: 'Carry one and the same bin(TimeGenerated, …) through every summarize and join, or run the rule over a range with `hunt run`.',
  },
  PLAN003: {
    severity: 'warning',
    title: 'a rule that maps no entity',
    hint: 'Add entityMappings, for example Host and Account: without them its incidents would have no identity. `hunt run` takes it for an error.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;
