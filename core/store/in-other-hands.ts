/**
 * Thrown by a handler that cannot decide well because another process has rows in hand which it must not wait for: the
 * whole batch lets go of what it has and is decided again. Never thrown where one transaction writes at a time.
 */
export class InOtherHands extends Error {}
