/** A query in a file of its own, as its text: the build of the command line loads it so. */
declare module '*.kql' {
  const text: string;
  export default text;
}
