import type { Operator } from '../../kql/ast';
import type { BindOperator } from './binding';
import { bindJoin } from './join';
import { bindMvApply } from './mv-apply';
import { bindMvExpand } from './mv-expand';
import { bindParse } from './parse';
import { bindPatterns, bindProject, bindWhere } from './project';
import { bindSerialize, bindSort, bindTake, bindTop } from './sort';
import { bindCountOperator, bindDistinct, bindSummarize } from './summarize';

/** Every operator that stands after a pipe, by its Kusto name. */
export const operators: { readonly [K in Operator['kind']]: BindOperator<K> } = {
  where: bindWhere,
  project: bindProject,
  extend: bindProject,
  'project-rename': bindProject,
  'project-away': bindPatterns,
  'project-keep': bindPatterns,
  'project-reorder': bindPatterns,
  summarize: bindSummarize,
  distinct: bindDistinct,
  count: bindCountOperator,
  join: bindJoin,
  lookup: bindJoin,
  sort: bindSort,
  top: bindTop,
  take: bindTake,
  serialize: bindSerialize,
  'mv-expand': bindMvExpand,
  'mv-apply': bindMvApply,
  parse: bindParse,
  'parse-where': bindParse,
};
