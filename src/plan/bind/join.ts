import type { Expression } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import type { Column } from '../../value/types';
import { columnsOf } from '../columns';
import { uniqueNames } from '../names';
import type { JoinKind } from '../plan';
import type { BindOperator } from './binding';

/** By the names that a query may give them. */
const joinKinds: ReadonlyMap<string, JoinKind> = new Map([
  ['innerunique', 'innerunique'],
  ['inner', 'inner'],
  ['leftouter', 'leftouter'],
  ['rightouter', 'rightouter'],
  ['fullouter', 'fullouter'],
  ['leftsemi', 'leftsemi'],
  ['rightsemi', 'rightsemi'],
  ['leftanti', 'leftanti'],
  ['anti', 'leftanti'],
  ['leftantisemi', 'leftanti'],
  ['rightanti', 'rightanti'],
  ['rightantisemi', 'rightanti'],
]);

const lookupKinds: ReadonlyMap<string, JoinKind> = new Map([
  ['leftouter', 'leftouter'],
  ['inner', 'inner'],
]);

/** lookup is a join that leaves out the keys of the right side. */
export const bindJoin: BindOperator<'join' | 'lookup'> = ({ kind, joinKind: written, right: rightExpression, on, span }, left, binding) => {
  const right = binding.table(rightExpression);
  const joinKind = kind === 'join' ? joinKinds.get(written ?? 'innerunique') : lookupKinds.get(written ?? 'leftouter');
  if (joinKind === undefined) throw unsupported(span, `The ${kind} kind ${written ?? ''}`);
  const [leftColumns, rightColumns] = [columnsOf(left), columnsOf(right)];
  const keys = on.flatMap(conditions).map((condition) => joinKey(condition, leftColumns, rightColumns));
  const rightKeys = new Set(kind === 'lookup' ? keys.map((key) => key.right) : []);
  const fromLeft = joinKind === 'rightsemi' || joinKind === 'rightanti' ? [] : leftColumns;
  const fromRight = joinKind === 'leftsemi' || joinKind === 'leftanti' ? [] : rightColumns.filter(({ name }) => !rightKeys.has(name));
  const sides = [
    ...fromLeft.map((column) => ({ side: 'left' as const, column })),
    ...fromRight.map((column) => ({ side: 'right' as const, column })),
  ];
  const names = uniqueNames(sides.map(({ column }) => column.name));
  const columns = sides.map(({ side, column: { name, type } }, index) => ({ side, from: name, name: names[index] ?? name, type }));
  return { kind: 'join', joinKind, left, right, keys, columns, span };
};

/** Conditions may be joined by `and` as well as by commas. */
function conditions(on: Expression): readonly Expression[] {
  return on.kind === 'call' && on.name === 'and' ? on.args.flatMap(({ value }) => conditions(value)) : [on];
}

interface JoinKey {
  readonly left: string;
  readonly right: string;
}

function joinKey(condition: Expression, left: readonly Column[], right: readonly Column[]): JoinKey {
  const key = keyNames(condition);
  const [leftType, rightType] = [left.find(({ name }) => name === key.left)?.type, right.find(({ name }) => name === key.right)?.type];
  if (leftType === undefined || leftType !== rightType || leftType === 'dynamic' || leftType === 'real') {
    throw unsupported(
      condition.span,
      `A join of ${leftType ?? 'nothing'} with ${rightType ?? 'nothing'}`,
      'Join columns of one and the same type.',
    );
  }
  return key;
}

/** `Name`, or `$left.A == $right.B` in either order. */
function keyNames(condition: Expression): JoinKey {
  if (condition.kind === 'name') return { left: condition.name, right: condition.name };
  if (condition.kind === 'call' && condition.name === '==') {
    const sides = new Map(
      condition.args.flatMap(({ value }) =>
        value.kind === 'path' && value.target.kind === 'name' ? [[value.target.name, value.member] as const] : [],
      ),
    );
    const [left, right] = [sides.get('$left'), sides.get('$right')];
    if (left !== undefined && right !== undefined) return { left, right };
  }
  throw unsupported(condition.span, 'A join condition other than names and $left.A == $right.B');
}
