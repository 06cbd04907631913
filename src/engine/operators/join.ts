import { columnsOf } from '../../plan/columns';
import type { JoinKind, JoinNode } from '../../plan/plan';
import { keyOf } from '../keys';
import type { Lineage } from '../lineage';
import { leastRow } from '../row-order';
import { noValue } from '../../value/types';
import type { Evaluate, Row, Rows } from '../run';

/** Rows of one side by their key; rows with a null in the key, which have no partner, are left out. */
type Index = ReadonlyMap<string, Rows>;

interface Side {
  readonly rows: Rows;
  readonly keyOf: (row: Row) => string | undefined;
  readonly index: Index;
}

function indexBy(rows: Rows, key: (row: Row) => string | undefined): Index {
  const index = new Map<string, Row[]>();
  for (const row of rows) {
    const text = key(row);
    if (text === undefined) continue;
    const same = index.get(text);
    if (same === undefined) index.set(text, [row]);
    else same.push(row);
  }
  return index;
}

function sideOf(node: JoinNode, name: 'left' | 'right', rows: Rows): Side {
  const columns = columnsOf(node[name]);
  const indices = node.keys.map((key) => columns.findIndex((column) => column.name === key[name]));
  const types = indices.map((index) => columns[index]?.type ?? 'string');
  const key = ({ values }: Row): string | undefined =>
    keyOf(
      types,
      indices.map((index) => values[index] ?? null),
      'none',
    );
  return { rows, keyOf: key, index: indexBy(rows, key) };
}

/** Of the left rows with one key the least alone. */
function unique({ index, keyOf: key }: Side, node: JoinNode): Side {
  const columns = columnsOf(node.left);
  const rows = [...index.values()].flatMap((same) => leastRow(same, columns) ?? []);
  return { rows, keyOf: key, index: indexBy(rows, key) };
}

const hasPartner = (row: Row, side: Side, other: Side): boolean => {
  const key = side.keyOf(row);
  return key !== undefined && other.index.has(key);
};

/** The rows of one side that have a partner, each with the lineage of all its partners. */
function semi(side: Side, other: Side, hold: (rows: number) => void): Rows {
  const lineages = new Map<string, Lineage>();
  return side.rows.flatMap((row) => {
    const key = side.keyOf(row);
    const partners = key === undefined ? undefined : other.index.get(key);
    if (key === undefined || partners === undefined) return [];
    hold(1);
    const lineage = lineages.get(key) ?? partners.map((partner) => partner.lineage);
    lineages.set(key, lineage);
    return [{ values: row.values, lineage: [row.lineage, lineage] }];
  });
}

const keepsLeft: ReadonlySet<JoinKind> = new Set(['leftouter', 'fullouter']);
const keepsRight: ReadonlySet<JoinKind> = new Set(['rightouter', 'fullouter']);

/** All pairs of rows with equal keys, and the rows without a partner that the kind keeps. */
function pairs(node: JoinNode, left: Side, right: Side, hold: (rows: number) => void): Rows {
  const positions = { left: columnsOf(node.left), right: columnsOf(node.right) };
  const outputs = node.columns.map(({ side, from, type }) => ({
    side,
    index: positions[side].findIndex(({ name }) => name === from),
    empty: noValue(type),
  }));
  const made: Row[] = [];
  const make = (leftRow: Row | undefined, rightRow: Row | undefined): void => {
    const values = outputs.map(({ side, index, empty }) => {
      const row = side === 'left' ? leftRow : rightRow;
      return row === undefined ? empty : (row.values[index] ?? null);
    });
    made.push({ values, lineage: [leftRow, rightRow].flatMap((row) => (row === undefined ? [] : [row.lineage])) });
  };
  for (const row of left.rows) {
    const key = left.keyOf(row);
    const partners = (key === undefined ? undefined : right.index.get(key)) ?? [];
    hold(partners.length);
    for (const partner of partners) make(row, partner);
  }
  const alone = (side: Side, other: Side): Rows => side.rows.filter((row) => !hasPartner(row, side, other));
  const [leftAlone, rightAlone] = [
    keepsLeft.has(node.joinKind) ? alone(left, right) : [],
    keepsRight.has(node.joinKind) ? alone(right, left) : [],
  ];
  hold(leftAlone.length + rightAlone.length);
  for (const row of leftAlone) make(row, undefined);
  for (const row of rightAlone) make(undefined, row);
  return made;
}

/** The columns that come out of a join of one side alone. */
function projected(node: JoinNode, side: 'left' | 'right', rows: Rows): Rows {
  const columns = columnsOf(node[side]);
  const indices = node.columns.map(({ from }) => columns.findIndex(({ name }) => name === from));
  return rows.map(({ values, lineage }) => ({ values: indices.map((index) => values[index] ?? null), lineage }));
}

export const join: Evaluate<'join'> = (node, [leftRows = [], rightRows = []], { hold }) => {
  const [left, right] = [sideOf(node, 'left', leftRows), sideOf(node, 'right', rightRows)];
  switch (node.joinKind) {
    case 'leftsemi':
      return projected(node, 'left', semi(left, right, hold));
    case 'rightsemi':
      return projected(node, 'right', semi(right, left, hold));
    case 'leftanti':
    case 'rightanti': {
      const isLeft = node.joinKind === 'leftanti';
      const [side, other] = isLeft ? [left, right] : [right, left];
      const rows = side.rows.filter((row) => !hasPartner(row, side, other));
      hold(rows.length);
      return projected(node, isLeft ? 'left' : 'right', rows);
    }
    case 'innerunique':
      return pairs(node, unique(left, node), right, hold);
    default:
      return pairs(node, left, right, hold);
  }
};
