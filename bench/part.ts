/** A figure that is held. */
export interface Goal {
  what: string;
  is: number;
  /** The least it may be; with `atMost`, the most. */
  atLeast?: number;
  atMost?: number;
}

/** One measurement with its tables, taken in one run. */
export interface Part {
  name: string;
  /** Whether what ours is compared with has to be installed for it. */
  peers?: true;
  run(): Promise<{ goals: Goal[]; tables: string[] }>;
}

export function held({ is, atLeast, atMost }: Goal): boolean {
  return (atLeast === undefined || is >= atLeast) && (atMost === undefined || is <= atMost);
}

/** `≥ 0.6` or `≤ 25`. */
export function bound({ atLeast, atMost }: Goal): string {
  return [atLeast !== undefined && `≥ ${atLeast}`, atMost !== undefined && `≤ ${atMost}`]
    .filter(Boolean)
    .join(', ');
}
