import { commanding } from './commanding';
import type { Defect } from './defect';
import { publishing } from './publishing';
import { pulling } from './pulling';
import { reconciling } from './reconciling';
import { scheduling } from './scheduling';
import { splitting } from './splitting';

export const defects: readonly Defect[] = [...pulling, ...scheduling, ...reconciling, ...publishing, ...splitting, ...commanding];
