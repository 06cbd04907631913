// Scripts that set the globals Bridge, System and Kusto; src/kql/microsoft.ts types what we use of them.
declare module '@kusto/language-service-next/bridge.min.js';
declare module '@kusto/language-service-next/Kusto.Language.Bridge.min.js';
