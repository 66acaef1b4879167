/** Names with values, in the order in which they are sent; a name may come more than once. */
export type Query = readonly (readonly [name: string, value: string])[];

/** The query with these parameters, in place of others of the same names. */
export function withParameters(query: Query, added: Readonly<Record<string, string>>): Query {
  return [...query.filter(([name]) => !(name in added)), ...Object.entries(added)];
}

/** A query as it is sent: names and values percent-encoded, in their order. */
export function encodedQuery(query: Query): string {
  return query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}
