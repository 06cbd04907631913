import type { Defect } from './defect';
import { publishing } from './publishing';
import { pulling } from './pulling';
import { reconciling } from './reconciling';
import { scheduling } from './scheduling';

export const defects: readonly Defect[] = [...pulling, ...scheduling, ...reconciling, ...publishing];
