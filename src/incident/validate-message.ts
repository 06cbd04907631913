import Ajv2020 from 'ajv/dist/2020';
import schema from './incident.schema.json';

/**
 * Whether a value is an incident message by the published schema; after a "no", `errors` holds the first thing that is wrong.
 * The build puts this very validator, compiled to code, in the place of this file, so that no schema is compiled when a function starts
 * (scripts/incident-validator.mjs, which must be given the same options).
 */
export const validateMessage = new Ajv2020({ allowUnionTypes: true }).compile(schema);
