import { arithmeticFunctions } from './arithmetic';
import { arrayFunctions } from './arrays';
import { bitFunctions } from './bits';
import { calendarFunctions } from './calendar';
import { characterFunctions } from './characters';
import { comparisonFunctions } from './compare';
import { conditionalFunctions } from './conditional';
import { conversionFunctions } from './convert';
import { dynamicFunctions } from './dynamic';
import { encodingFunctions } from './encode';
import { timeFormatFunctions } from './format-time';
import type { ScalarFunction } from './function';
import { jsonPathFunctions } from './json-path';
import { logicFunctions } from './logic';
import { mathFunctions } from './math';
import { networkFunctions } from './network';
import { pathFunctions } from './path';
import { regexFunctions } from './regex';
import { stringOperators } from './strings';
import { textFunctions } from './text';
import { timeFunctions } from './time';

/** Every scalar function and operator that we run, by its Kusto name. Whatever is not here is refused when a rule is compiled. */
export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  [
    ...comparisonFunctions,
    ...stringOperators,
    ...logicFunctions,
    ...arithmeticFunctions,
    ...conditionalFunctions,
    ...conversionFunctions,
    ...textFunctions,
    ...characterFunctions,
    ...regexFunctions,
    ...mathFunctions,
    ...timeFunctions,
    ...calendarFunctions,
    ...timeFormatFunctions,
    ...dynamicFunctions,
    ...arrayFunctions,
    ...jsonPathFunctions,
    ...encodingFunctions,
    ...networkFunctions,
    ...bitFunctions,
    ...pathFunctions,
  ].map((entry) => [entry.name, entry]),
);
