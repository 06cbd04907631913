/** Names that Kusto has kept from before and that mean the same as the new ones. https://learn.microsoft.com/kusto/query/scalar-functions */
export const oldNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    arraylength: 'array_length',
    base64_decodestring: 'base64_decode_tostring',
    base64_encodestring: 'base64_encode_tostring',
    cnt: 'count',
    columnifexists: 'column_ifexists',
    datepart: 'datetime_part',
    extractall: 'extract_all',
    notempty: 'isnotempty',
    notnull: 'isnotnull',
    parsejson: 'parse_json',
    toobject: 'todynamic',
    totime: 'totimespan',
    weekofyear: 'week_of_year',
  }),
);
