/** What version 2 added, as it is in a new node; a node that was saved before gets the same. */
export const newInVersion2 = {
  /** Where goods that come back are put. */
  returnTo: 'qc',
  /** Between which places of the pool units move. */
  moveFrom: 'qc',
  moveTo: 'available',
  /** The pool that a transfer goes to, and where in it the units are put. */
  toPool: '',
  arriveIn: 'available',
} as const;

export type FieldOfVersion2 = keyof typeof newInVersion2;
