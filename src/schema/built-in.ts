import { schemasOf, type Companions, type SchemaFile, type TableSchema } from './schema';
import deviceEvents from './tables/DeviceEvents.json';
import deviceFileEvents from './tables/DeviceFileEvents.json';
import deviceImageLoadEvents from './tables/DeviceImageLoadEvents.json';
import deviceLogonEvents from './tables/DeviceLogonEvents.json';
import deviceNetworkEvents from './tables/DeviceNetworkEvents.json';
import deviceProcessEvents from './tables/DeviceProcessEvents.json';
import deviceRegistryEvents from './tables/DeviceRegistryEvents.json';
import event from './tables/Event.json';
import imProcessCreate from './tables/imProcessCreate.json';
import securityAlert from './tables/SecurityAlert.json';
import securityEvent from './tables/SecurityEvent.json';
import syslog from './tables/Syslog.json';
import windowsEvent from './tables/WindowsEvent.json';

// A test checks each file as a user's own is checked; TypeScript only sees strings in JSON.
const files = [
  imProcessCreate,
  deviceProcessEvents,
  securityEvent,
  deviceEvents,
  deviceFileEvents,
  deviceImageLoadEvents,
  deviceLogonEvents,
  deviceNetworkEvents,
  deviceRegistryEvents,
  event,
  securityAlert,
  syslog,
  windowsEvent,
] as readonly object[] as readonly SchemaFile[];

/** By name of the table, as rules write it. */
export const builtInSchemas: Readonly<Record<string, TableSchema>> = Object.fromEntries(
  files.flatMap(schemasOf).map((schema) => [schema.name, schema]),
);

export const builtInCompanions: Companions = Object.fromEntries(
  Object.values(builtInSchemas).map((schema) => [schema.name, schema.companions]),
);
